import ArgumentParser
import Files
import Notebook
import Runtime
import Terminal

/// `passbook reference`: the language reference, made from the tables that drive the language.
struct Reference: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the language reference: reserved words, operators, every function with its example, magics.")

  @Flag(help: "A page of HTML instead of Markdown.")
  var html = false

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where to write; standard output if not given.", valueName: "file"))
  var output: String?

  func run() throws {
    let markdown = LanguageReference(natives: .standard, magics: Magic.standard).markdown
    let foot = "Written by passbook \(passbookVersion) from the tables of its functions."
    let text = html ? try HTMLExport.page(ofMarkdown: markdown, foot: foot) : markdown
    try OutputFile.write(text, to: output ?? "-")
  }
}

extension LanguageReference {
  init(natives: NativeTable, magics: [Runtime.Magic]) {
    self.init(
      areas: natives.areas.map { ($0.name, $0.natives.map(Function.init)) },
      magics: magics.map { magic in
        Magic(usage: ":\(magic.name)\(magic.usage.isEmpty ? "" : " " + magic.usage)", summary: magic.summary)
      })
  }
}

extension LanguageReference.Function {
  init(_ native: Native) {
    self.init(
      name: native.name, signature: native.signatureText, summary: native.summary,
      parameters: native.parameters.map { parameter in
        Parameter(
          label: parameter.label, type: parameter.type, fallback: parameter.defaultText, summary: parameter.summary)
      },
      example: native.example, result: native.exampleResult)
  }
}
