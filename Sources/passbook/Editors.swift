import ArgumentParser
import Foundation
import Notebook
import Runtime

/// `passbook editors DIR`: the support for editors, made from the tables of the language; for those who change them.
struct Editors: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the support for VS Code and Vim into a folder.", shouldDisplay: false)

  @Argument(help: ArgumentHelp("The folder, such as Scripts/editors.", valueName: "folder"))
  var folder: String

  func run() throws {
    let vocabulary = EditorVocabulary(natives: NativeTable.standard.names, magics: Magic.standard.map(\.name))
    for (path, text) in try vocabulary.files(version: passbookVersion) {
      let file = FilePath.join(folder, path)
      do {
        try FileManager.default.createDirectory(atPath: FilePath.folder(of: file), withIntermediateDirectories: true)
      } catch {
        reportError("cannot make the folder \(FilePath.folder(of: file)): \(error.localizedDescription)")
        throw ExitCode(1)
      }
      try OutputFile.write(text, to: file)
    }
  }
}
