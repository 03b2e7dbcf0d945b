import Testing

@testable import Terminal

struct CompletionTests {
  @Test(arguments: [
    ("x = trai", ["train"], 4), ("x = t", ["train", "tanh"], 1), ("data.", ["train", "test"], 0),
    ("load(\"nets/na", ["nets/names", "nets/nat"], 7), ("\"a/a/", ["a/a/a"], 4), ("größ", ["größe"], 4), ("x", [], 0),
  ])
  func proposalsJoinWhatIsTyped(text: String, proposals: [String], count: Int) {
    #expect(Completion.overlap(of: text, with: proposals) == count)
  }
}
