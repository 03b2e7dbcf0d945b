import Testing

@testable import Notebook

@Suite struct FileNameTests {
  @Test func partsOfPaths() {
    #expect(["a", "/a", "b/a", "b/"].map(FilePath.folder) == [".", "/", "b", "b"])
    #expect(["a", "/a", "b/a", "b/"].map(FilePath.name) == ["a", "a", "a", ""])
    #expect(FilePath.join(".", "a") == "a" && FilePath.join("b", "a") == "b/a" && FilePath.join("/", "a") == "/a")
    #expect(FilePath.join("b", "/a") == "/a")
    #expect(
      ["a.pass", "b.c/a", ".pass", "b/x.y.pass"].map { FilePath.replacingSuffix(of: $0, by: "md") } == [
        "a.md", "b.c/a.md", ".pass.md", "b/x.y.md",
      ])
  }

  @Test func foldersSeenFromFolders() {
    let cases = [
      ("/a/b", "/a/b", "."), ("/a/b", "/a", "b"), ("/a", "/a/b/c", "../.."), ("/a/b", "/a/c", "../b"),
      ("/", "/a", ".."),
    ]
    for (folder, base, expected) in cases { #expect(FilePath.relative(folder, from: base) == expected) }
    #expect(["a/b", "../a", "/a", "a/../../b", ""].map(FilePath.isBelow) == [true, false, false, false, false])
  }

  /// The vectors of RFC 4648, section 10.
  @Test func base64() {
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy",
    ]
    for (text, code) in vectors { #expect(DataURI.base64(Array(text.utf8), type: "x") == "data:x;base64,\(code)") }
  }

  @Test func percentCodes() {
    #expect(DataURI.svg(Array("<a b=\"1\">&é%".utf8)) == "data:image/svg+xml,%3Ca b=%221%22%3E%26%C3%A9%25")
  }
}
