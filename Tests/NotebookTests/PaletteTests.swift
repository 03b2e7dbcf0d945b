import Testing

@testable import Notebook

/// Contrast as WCAG 2.2 defines it.
private struct Luminance {
  let value: Double

  init(_ color: String) throws {
    let bits = try #require(Int(color.dropFirst(), radix: 16))
    let channels = [bits >> 16 & 255, bits >> 8 & 255, bits & 255].map { byte -> Double in
      let share = Double(byte) / 255
      return share <= 0.04045 ? share / 12.92 : Self.power((share + 0.055) / 1.055)
    }
    value = 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  /// To the power of 2.4, which is that of 12/5, without Foundation: Newton's method on the fifth root.
  private static func power(_ base: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
    return (0..<12).reduce(1) { product, _ in product * root }
  }

  func contrast(to other: Luminance) -> Double {
    (max(value, other.value) + 0.05) / (min(value, other.value) + 0.05)
  }
}

@Suite struct PaletteTests {
  @Test func contrastIsComputedRightly() throws {
    #expect(abs(try Luminance("#000000").contrast(to: Luminance("#ffffff")) - 21) < 1e-9)
    #expect(abs(try Luminance("#777777").contrast(to: Luminance("#ffffff")) - 4.478) < 1e-3)
  }

  @Test func textIsReadableOnEverythingItStandsOn() throws {
    for ink in Palette.inks + Palette.classes.map(\.1) {
      for ground in Palette.grounds {
        for (name, front, back) in [("light", ink.light, ground.light), ("dark", ink.dark, ground.dark)] {
          let contrast = try Luminance(front).contrast(to: Luminance(back))
          #expect(contrast >= 4.5, "\(ink.name) on \(ground.name), \(name): \(contrast)")
        }
      }
    }
  }

  @Test func everyClassHasAColourAndEveryVariableIsDefined() {
    #expect(Set(Palette.classes.map(\.0)) == Set(HighlightClass.allCases))
    let used = Set(StyleSheet.css.matches(of: /var\(--([a-z]+)\)/).map { String($0.output.1) })
    #expect(used == Set(Palette.all.map(\.name)))
  }
}
