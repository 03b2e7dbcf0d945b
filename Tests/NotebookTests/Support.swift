import Language

@testable import Notebook

/// A script with outputs on record, and what a run of it shows, line of code by line of code.
struct Script {
  var text: String
  /// By the code of the line, without its output.
  var shown: [String: [FreshOutputs.Item]] = [:]

  init(_ text: String, _ shown: [String: String] = [:]) {
    self.text = text
    self.shown = shown.mapValues { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).map { .line(String($0)) }
    }
  }

  let folder = FigureFolder(beside: "t.pass")
  var document: Document { Document(Source(name: "t.pass", text: text)) }

  /// Every statement ran to its end.
  func outputs(stoppingBefore last: String? = nil) -> FreshOutputs {
    var outputs = FreshOutputs()
    let source = document.source
    for cell in document.cells {
      for statement in cell.cell.statements {
        let code = source.text(in: statement.span)
        outputs.begin(at: statement.span.start)
        for (line, items) in shown where code.trimmingSpaces.hasPrefix(line) {
          for item in items {
            switch item {
            case .line(let text): outputs.print(text)
            case .figure(let title, let svg): outputs.show(title: title, svg: svg)
            }
          }
        }
        if code == last { return outputs }
        outputs.end()
      }
    }
    return outputs
  }

  var record: Record { Record(document, with: outputs(), figures: folder) }
  var mismatches: [Diagnostic] { document.mismatches(with: outputs(), figures: folder) }
}

/// A small generator (SplitMix64), so that every run breaks the samples in the same ways.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
