import Testing

@testable import Language

@Suite struct ResolverTests {
  @Test(arguments: [
    ("1️⃣trian(1, 2)", "'trian' is unknown", "did you mean 'train'?"),
    ("train(1, data, 1️⃣batchs: 3)", "'batchs' is no argument of train", "did you mean 'batch'?"),
    ("1️⃣train(1)", "train needs the argument 'data'", ""),
    ("relu(1, 1️⃣2)", "relu takes at most 1 argument", ""),
    ("data |> conv(1, 2, 3, 1️⃣4)", "conv takes at most 4 arguments", "the piped value counts too"),
    ("data |> 1️⃣conv(1)", "conv needs the argument 'kernel'", ""),
    ("train(1, data, 1️⃣net: 2)", "the argument 'net' of train is given twice", "already given by position"),
    ("fn f(a) { a }\n1️⃣f()", "f needs the argument 'a'", ""),
    ("fn f(a, 1️⃣a) { a }", "two parameters are named 'a'", ""),
    ("1️⃣break", "'break' stands outside of a loop", ""), ("1️⃣return 3", "'return' stands outside of a function", ""),
    ("1️⃣:halp", "':halp' is no command", "did you mean ':help'?"),
    ("y = 1️⃣x\nx = 1", "'x' is used before it gets a value", "gets its value further down"),
    ("for i in data { fn f() { 1️⃣break } }", "'break' stands outside of a loop", ""),
    ("1️⃣relu = 3", "'relu' hides the built-in function of that name", ""),
    ("model m on [1] { conv(1, 2, 3, 4, 1️⃣5) }", "conv takes at most 4 arguments", ""),
  ])
  func reports(text: String, message: String, label: String) {
    let (text, offset) = marked(text)
    let found = check(text)
    #expect(found.map(\.message) == [message])
    #expect(found.first?.labels.first?.text == label)
    #expect(found.first?.labels.first?.span.start == offset)
  }

  @Test(arguments: [
    ("exit", ":quit leaves, and so does Ctrl-D on an empty line"), ("True", "it is written 'true'"),
    ("y = None", "it is written 'none'"), ("wholly + 1", "wholly = ... gives it a value; ? lists the names there are"),
  ])
  func unknownNamesAreAnswered(text: String, help: String) { #expect(check(text).first?.help == [help]) }

  @Test func aNearNameIsHelpEnough() { #expect(check("trian(1)").first?.help == []) }

  @Test(arguments: [
    "fn f() { x }\nx = 1\nf()", "for i in data { if i > 1 { print(old) }; old = i }", "x = 1\nx += 1", "_3 + _",
    "fn f(n) { if n > 0 { f(n - 1) } }", "model m(w) on [3] { conv(w, 3) |> norm |> relu\n  flatten }",
    "[a + b for a, b in data]", "g = (x, y) -> x + y\ng(1)", "fn f(relu) { relu(1, 2, 3) }",
    ":include a.pass\nwhatever(x)",
    "print(1, 2, 3)", "data |> relu |> train(data, epochs: 3)", "if true { z = 1 }\nz", "while w < 3 { w = 1 }",
    "fn f(a, b = a) { a + b }\nf(1)", "for i, j in data { continue }", "f = () -> 1\nf()",
  ])
  func acceptsWhatMightBeRight(text: String) { #expect(check(text).map(\.message) == []) }

  @Test func closestWord() {
    #expect(EditDistance.between("batchs", "batch", limit: 2) == 1)
    #expect(EditDistance.between("trian", "train", limit: 2) == 1)
    #expect(EditDistance.between("", "ab", limit: 2) == 2)
    #expect(EditDistance.between("abc", "xyz", limit: 2) == nil)
    #expect(EditDistance.closest(to: "x", among: ["y", "abc"]) == nil)
  }
}
