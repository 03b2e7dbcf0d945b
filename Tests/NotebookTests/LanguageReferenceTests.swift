import Language
import Testing

@testable import Notebook

@Suite struct LanguageReferenceTests {
  private let reference = LanguageReference(
    areas: [
      (
        "layers",
        [
          .init(
            name: "conv", signature: "conv(x, stride: 1)", summary: "A `layer` over [c, h, w].",
            parameters: [
              .init(label: "x", type: "stage or tensor", fallback: nil, summary: "what it reads"),
              .init(label: "stride", type: "number", fallback: "1", summary: "a | b"),
            ], example: "conv(1)", result: "[1,\n 2]")
        ]
      )
    ],
    magics: [.init(usage: ":set echo|quiet", summary: "sets <it>")])

  @Test func aFunctionHasSignatureParametersAndExample() {
    #expect(
      reference.markdown.contains(
        """
        ## Functions: layers

        ### `conv`

        A `layer` over \\[c, h, w\\].

        ```passbook
        conv(x, stride: 1)
        ```

        | parameter | takes | default | what it does |
        |---|---|---|---|
        | `x` | stage or tensor |  | what it reads |
        | `stride` | number | `1` | a \\| b |

        ```passbook
        conv(1)
        #=> [1,
        #=>  2]
        ```
        """))
  }

  @Test func theTablesOfTheLanguageAreInIt() throws {
    let page = try HTMLExport.page(ofMarkdown: reference.markdown, foot: "foot")
    let codes = Set(page.matches(of: /<code>(.*?)<\/code>/).map { String($0.output.1) })
    let words =
      Keyword.allCases.map(\.rawValue) + OperatorLevel.all.flatMap(\.operators) + NumberUnit.spellings
      + StringEscape.all.map(\.spelling) + [":set echo|quiet"]
    for word in words { #expect(codes.contains(HTMLText.escape(word)), "\(word)") }
  }
}
