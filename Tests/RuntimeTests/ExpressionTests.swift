import Testing

@testable import Runtime

/// Scripts whose lines say behind `#=>` what they show.
@Suite struct ExpressionTests {
  private func expectShown(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let run = Run(script)
    let wanted = script.split(separator: "\n").compactMap { line in
      line.firstRange(of: "#=> ").map { String(line[$0.upperBound...]) }
    }
    #expect(run.errors == "", sourceLocation: sourceLocation)
    #expect(run.lines == wanted, sourceLocation: sourceLocation)
  }

  @Test func numbers() {
    expectShown(
      """
      2                       #=> 2
      0.1 + 0.2               #=> 0.30000000000000004
      1e-20                   #=> 1e-20
      1e300 * 10              #=> 1e301
      -2 ** 2                 #=> -4
      2 ** 3 ** 2             #=> 512
      -7 mod 3                #=> 2
      7 / 2                   #=> 3.5
      1 / 0                   #=> inf
      1 < 2 < 3               #=> true
      1 < 3 < 2               #=> false
      not 1 == 2              #=> true
      3 in 1..5               #=> true
      """)
  }

  /// An index into a list gives what stands there, a model or a table as well as a number.
  @Test func listsOfObjectsAreIndexed() {
    expectShown(
      """
      few = [input([4]) |> dense(k) |> model_of() for k in 1..3] ;
      few[1].output           #=> [2]
      len(few[0..1])          #=> 2
      [table({a: [7]}), 3][0].a[0]  #=> 7
      """)
  }

  @Test func stylesSurviveSensibleArithmetic() {
    expectShown(
      """
      50%                     #=> 50%
      61.4%                   #=> 61.4%
      50% + 10%               #=> 60%
      50% * 100               #=> 50
      50% * 50%               #=> 25%
      1 - 30%                 #=> 70%
      (50% + 60%) / 2         #=> 55%
      50% == 0.5              #=> true
      350ms                   #=> 350ms
      4.2s                    #=> 4.2s
      125s                    #=> 2min 5s
      2h                      #=> 2h
      10s / 4s                #=> 2.5
      2 * 3s                  #=> 6s
      mean([50%, 60%])        #=> 55%
      """)
  }

  @Test func texts() {
    expectShown(
      #"""
      "a" + "b"               #=> "ab"
      x = 3.14159
      "{x:.2}"                #=> "3.14"
      "{x:>8.1}|"             #=> "     3.1|"
      "{0.5:%} {0.123:.1%}"   #=> "50% 12.3%"
      "{"a":<3}|"             #=> "a  |"
      "{12345:.2e}"           #=> "1.23e+04"
      "tab\t"                 #=> "tab\t"
      "abc"[1]                #=> "b"
      "abc"[0..1]             #=> "ab"
      "b" in "abc"            #=> true
      """#)
  }

  @Test func listsAndRecords() {
    expectShown(
      """
      a = [1, 2, 3]
      a[0]                    #=> 1
      a[-1]                   #=> 3
      a[0..1]                 #=> [1, 2]
      a[[true, false, true]]  #=> [1, 3]
      b = a
      b[0] = 9
      a                       #=> [1, 2, 3]
      b                       #=> [9, 2, 3]
      b += [4]
      b                       #=> [9, 2, 3, 4]
      r = {x: 1, inner: {y: [1, 2]}}
      r.inner.y[1] = 7
      r.new = "n"
      r                       #=> {x: 1, inner: {y: [1, 7]}, new: "n"}
      r["x"]                  #=> 1
      r.x += 1
      r.x                     #=> 2
      p, q = [1, 2]
      p + q                   #=> 3
      [[1, 2], [3, 4]][:, 1]  #=> [2, 4]
      [x * y for x, y in [[1, 2], [3, 4]] if x > 1]   #=> [12]
      [1, 2] == [1, 2]        #=> true
      1..3 == [1, 2, 3]       #=> true
      {}                      #=> {}
      """)
  }

  @Test func ranges() {
    expectShown(
      """
      [x for x in 1..3]            #=> [1, 2, 3]
      [x for x in 0..<3]           #=> [0, 1, 2]
      [x for x in 0..1 by 0.25]    #=> [0, 0.25, 0.5, 0.75, 1]
      [x for x in 0%..30% by 10%]  #=> [0%, 10%, 20%, 30%]
      [x for x in 3..1 by -1]      #=> [3, 2, 1]
      len(0..1 by 0.1)             #=> 11
      0..5                         #=> 0..5
      """)
  }

  @Test func functionsAndPipes() {
    expectShown(
      """
      fn scaled(x, by_factor = 2) { x * by_factor }
      3 |> scaled             #=> 6
      3 |> scaled(5)          #=> 15
      scaled(by_factor: 3, x: 2)   #=> 6
      fn second(x, y = x + 1) { y }
      second(1)               #=> 2
      fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
      fib(15)                 #=> 610
      fn find(xs, wanted) {
        for x in xs { if x == wanted { return "found" } }
        "missing"
      }
      find([1, 2], 2)         #=> "found"
      find([1, 2], 3)         #=> "missing"
      adders = [x -> x + i for i in 1..3]
      adders[0](10)           #=> 11
      (a, b) -> a + b         #=> fn(a, b)
      [1, 2, 3] |> map(x -> x * x) |> sum    #=> 14
      fn counter() {
        fn inner(n) { if n == 0 { 0 } else { 1 + inner(n - 1) } }
        inner(5)
      }
      counter()               #=> 5
      scale = 10
      fn global_read() { scale * 2 }
      scale = 20
      global_read()           #=> 40
      """)
  }

  @Test func control() {
    expectShown(
      """
      total = 0
      for i in 1..10 {
        if i == 3 { continue }
        if i > 5 { break }
        total += i
      }
      total                   #=> 12
      n = 0
      while true { x = if n == 4 { break } else { 1 }; n += x }
      n                       #=> 4
      if n == 4 { "four" } else { "other" }   #=> "four"
      for k, v in {a: 1, b: 2} { total += v }
      42 ;
      _                       #=> 42
      """)
  }

  @Test func scriptArgumentsAreReadByName() {
    let run = Run("n = args.epochs + 1\nargs.get(\"root\", \"data\")\nargs.rate") {
      $0.arguments = [("epochs", "3"), ("rate", "50%")]
    }
    #expect(run.lines == ["\"data\"", "50%"])
    #expect(Run("args.get(\"root\", \"data\")").lines == ["\"data\""])
  }

  @Test func tablesAlign() {
    let run = Run(
      """
      t = table({name: ["prune", "flip"], free: [91.2%, none]})
      t
      t.rows[0].name
      text(t, format: "csv")
      """)
    #expect(
      run.lines == [
        "name    free\nprune  91.2%\nflip", "\"prune\"", #""name,free\nprune,0.912\nflip,\n""#,
      ])
  }
}
