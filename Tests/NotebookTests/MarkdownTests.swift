import Testing

@testable import Notebook

@Suite struct MarkdownTests {
  @Test(arguments: [
    ("plain", "<p>plain</p>\n"), ("# One *two*", "<h1>One <em>two</em></h1>\n"), ("### C ###", "<h3>C</h3>\n"),
    ("#hash", "<p>#hash</p>\n"), ("a\nb  \nc\\\nd", "<p>a\nb<br>\nc<br>\nd</p>\n"),
    (
      "*a* _b_ **c** __d__ ***e***",
      "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> "
        + "<em><strong>e</strong></em></p>\n"
    ),
    ("snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>\n"),
    ("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>\n"), ("**a*", "<p>*<em>a</em></p>\n"),
    ("`a *b*` ``c`d``", "<p><code>a *b*</code> <code>c`d</code></p>\n"), ("`open", "<p>`open</p>\n"),
    ("\\*a\\* \\q", "<p>*a* \\q</p>\n"), ("---", "<hr>\n"), ("* * *", "<hr>\n"),
    ("[a *b*](x.html \"t\")", "<p><a href=\"x.html\">a <em>b</em></a></p>\n"),
    ("[a](<x y>) [b](c(d)e)", "<p><a href=\"x y\">a</a> <a href=\"c(d)e\">b</a></p>\n"),
    ("[a](b", "<p>[a](b</p>\n"), ("[a]", "<p>[a]</p>\n"),
    ("<https://a.b>", "<p><a href=\"https://a.b\">https://a.b</a></p>\n"),
    ("![alt](https://a.b/c.png)", "<p><a href=\"https://a.b/c.png\">alt</a></p>\n"),
    ("> a\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>\n"),
    ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n"),
    ("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"),
    ("a\n1. b\nc", "<p>a</p>\n<ol>\n<li>b\nc</li>\n</ol>\n"), ("in\n2020. That", "<p>in\n2020. That</p>\n"),
    ("```\n<a> `\n```\nb", "<pre class=\"source\"><code>&lt;a&gt; `\n</code></pre>\n<p>b</p>\n"),
    ("~~~~text\n~~~\n~~~~", "<pre class=\"source\"><code>~~~\n</code></pre>\n"),
    ("```passbook\n1\n```", "<pre class=\"source\"><code><span class=\"number\">1</span>\n</code></pre>\n"),
    (
      "| a | b |\n|---|--:|\n| `x\\|y` | 2 |\n| 3 |",
      "<div class=\"scroll\"><table>\n<thead><tr><th>a</th>"
        + "<th class=\"right\">b</th></tr>\n</thead>\n<tbody>\n<tr><td><code>x|y</code></td><td class=\"right\">2</td></tr>\n"
        + "<tr><td>3</td><td class=\"right\"></td></tr>\n</tbody>\n</table></div>\n"
    ),
    ("a | b\nc | d", "<p>a | b\nc | d</p>\n"), ("", ""), ("\r\n \r\n", ""), ("a\r\n\r\nb", "<p>a</p>\n<p>b</p>\n"),
  ])
  func blocksAndInlines(_ markdown: String, _ html: String) throws {
    #expect(try MarkdownHTML().html(markdown) == html)
  }

  @Test(arguments: [
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
    ("a < b & c > \"d\" '", "<p>a &lt; b &amp; c &gt; &quot;d&quot; &#39;</p>\n"),
    ("<\u{338}b>", "<p>&lt;\u{338}b&gt;</p>\n"), ("[x](javascript:alert(1))", "<p>x</p>\n"),
    ("[x](JaVa\u{1}Script:alert)", "<p>[x](JaVa\u{FFFD}Script:alert)</p>\n"),
    ("[x](<java\u{1}script:alert>)", "<p>x</p>\n"), ("[x](data:text/html,1)", "<p>x</p>\n"),
    ("<javascript:1>", "<p>&lt;javascript:1&gt;</p>\n"),
    ("[x](a\"onclick=1)", "<p><a href=\"a&quot;onclick=1\">x</a></p>\n"),
    ("[a [b](c) d](e)", "<p>[a <a href=\"c\">b</a> d](e)</p>\n"),
    ("```\"><b>\n```", "<pre class=\"source\"><code></code></pre>\n"),
  ])
  func nothingBecomesATag(_ markdown: String, _ html: String) throws {
    #expect(try MarkdownHTML().html(markdown) == html)
  }

  /// With a search that starts over at every mark these would take hours.
  @Test(arguments: ["*", "_a*", "[", "`a", "![a](", "> ", "- ", "**a ", "]", "|", "a_", "<", "[a](b)", "*a **b "])
  func longTextsTakeTimeByTheirLengthOnly(_ piece: String) throws {
    let text = String(repeating: piece, count: 40_000)
    #expect(try !MarkdownHTML().html(text).isEmpty)
    #expect(try !MarkdownHTML().html(text + "\n|-|").isEmpty)
  }

  @Test func textIsReadBackAsItWas() throws {
    for text in ["a*b_c`d[e]f<g>|h\\i#j&k!l~m", "# x", "`` ` ``"] {
      #expect(try MarkdownHTML().html(MarkdownText.escape(text)) == "<p>\(HTMLText.escape(text))</p>\n")
    }
    #expect(MarkdownText.prose("a `b|c` *d*") == "a `b|c` \\*d\\*")
    #expect(MarkdownText.table(["a"], [["`|>`"], ["\\|"]]) == "| a |\n|---|\n| `\\|>` |\n| \\| |")
  }
}
