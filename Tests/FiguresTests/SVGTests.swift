import Testing

@testable import Figures

@Suite struct SVGTests {
  @Test func aSmallFigureToTheByte() {
    let text = SVG.render(Drawing(Sample.bars, width: 240))
    let body = text.split(separator: "\n").filter { !$0.hasPrefix("<style>") }
    #expect(
      body == [
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pb-figure\" role=\"img\" width=\"240\" height=\"78\" "
          + "viewBox=\"0 0 240 78\">",
        "<title>bar chart of 2 values</title>",
        "<rect class=\"b f\" x=\"0\" y=\"0\" width=\"240\" height=\"78\"/>",
        "<text class=\"t f\" x=\"16\" y=\"32\" font-size=\"12\">pruning</text>",
        "<rect class=\"s0 f\" x=\"75\" y=\"20\" width=\"56.5\" height=\"16\"/>",
        "<text class=\"m f\" x=\"137.5\" y=\"32\" font-size=\"12\">50%</text>",
        "<text class=\"t f\" x=\"16\" y=\"56\" font-size=\"12\">none</text>",
        "<rect class=\"s0 f\" x=\"75\" y=\"44\" width=\"113\" height=\"16\"/>",
        "<text class=\"m f\" x=\"194\" y=\"56\" font-size=\"12\">100%</text>",
        "<path class=\"m l\" stroke-width=\"1\" d=\"M75.5 16L75.5 64\"/>",
        "</svg>",
      ])
  }

  @Test func lightAndDark() {
    let text = SVG.render(Drawing(Sample.line))
    #expect(text.contains(".pb-figure .s0{fill:#0072b2;stroke:#0072b2}"))
    #expect(text.contains("@media(prefers-color-scheme:dark){"))
    #expect(text.contains("<title>loss: line chart, 4 points</title>"))
  }

  @Test(arguments: Sample.all)
  func theSameFigureGivesTheSameBytes(figure: Figure) {
    #expect(SVG.render(Drawing(figure)) == SVG.render(Drawing(figure)))
  }

  @Test func textsCannotBecomeMarkup() {
    let title = "</text><script>alert(\"x\")</script>&\u{0}\u{1B}[31m\u{FFFE}"
    let text = SVG.render(Drawing(Figure(title: title, .lines(LineChart(series: [.init(name: title, values: [1])])))))
    #expect(!text.contains("<script"))
    #expect(text.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;"))
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{FFFE}" })
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (0.5, "0.5"), (0.25, "0.25"), (0.125, "0.13"), (-0.001, "0"), (1.005, "1"), (-2.5, "-2.5"),
    (.nan, "0"), (.infinity, "0"), (1e300, "1000000000"), (0.07, "0.07"),
  ] as [(Double, String)])
  func numbersHaveTwoDecimalsAtMost(number: Double, text: String) { #expect(SVG.number(number) == text) }

  @Test func base64() {
    // The test vectors of RFC 4648, section 10.
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (plain, coded) in vectors { #expect(Base64.encode(Array(plain.utf8)) == coded) }
  }
}
