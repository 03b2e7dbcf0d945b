import Foundation
import Testing

@testable import Language

/// Broken scripts through everything in this room; what is tested is that nothing traps and that spans fit.
@Suite struct MutationTests {
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

  @Test func mutatedScriptsNeverTrap() {
    let count = ProcessInfo.processInfo.environment["PASSBOOK_FUZZ"].flatMap(Int.init) ?? 3000
    var generator = Generator(state: 1)
    let samples = [Samples.session, Samples.grammar].map { Array($0.utf8) }
    for round in 0..<count {
      var bytes = samples[round % samples.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, samples, &generator) }
      let source = Source(name: "mutant", text: String(decoding: bytes, as: UTF8.self))
      let (cells, parsed) = Parser.parseFile(source)
      let diagnostics = parsed + cells.flatMap { Resolver.check($0, in: TestScope(), source: source) }
      for diagnostic in diagnostics {
        #expect(
          diagnostic.labels.allSatisfy {
            0 <= $0.span.start && $0.span.start <= $0.span.end && $0.span.end <= source.bytes.count
          })
        #expect(!DiagnosticRenderer(usesColor: round % 2 == 0).render(diagnostic).isEmpty)
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ samples: [[UInt8]], _ generator: inout Generator) {
    guard !bytes.isEmpty else { return }
    let start = Int.random(in: 0..<bytes.count, using: &generator)
    let end = min(bytes.count, start + Int.random(in: 1...20, using: &generator))
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: bytes[start] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.removeSubrange(start..<end)
    case 2:
      let inserted = "{}()[]\"\\:;|>=\n\r\t#%?é.,".utf8.randomElement(using: &generator) ?? 0
      bytes.insert(inserted, at: start)
    case 3:
      let other = samples[Int.random(in: 0..<samples.count, using: &generator)]
      let from = Int.random(in: 0..<other.count, using: &generator)
      bytes.insert(contentsOf: other[from..<min(other.count, from + 40)], at: start)
    default: swapTokens(&bytes, &generator)
    }
  }

  private func swapTokens(_ bytes: inout [UInt8], _ generator: inout Generator) {
    let source = Source(name: "", text: String(decoding: bytes, as: UTF8.self))
    let spans = Lexer.tokenize(source).tokens.map(\.span)
    let first = Int.random(in: 0..<spans.count, using: &generator)
    let second = Int.random(in: first..<spans.count, using: &generator)
    guard spans[first].end <= spans[second].start else { return }
    bytes =
      Array(source.bytes[..<spans[first].start]) + Array(source.bytes[spans[second].start..<spans[second].end])
      + Array(source.bytes[spans[first].end..<spans[second].start])
      + Array(source.bytes[spans[first].start..<spans[first].end]) + Array(source.bytes[spans[second].end...])
  }
}
