import Testing

@testable import Figures

@Suite struct TicksTests {
  private func texts(_ low: Double, _ high: Double, atMost count: Int = 5, _ style: AxisStyle = .plain) -> [String] {
    Ticks(of: Scale(spanning: low, high), atMost: count, style: style).ticks.map(\.text)
  }

  @Test func roundNumbers() {
    #expect(texts(0, 1) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(texts(0, 7) == ["0", "2", "4", "6"])
    #expect(texts(-1, 1, atMost: 4) == ["-1.0", "-0.5", "0", "0.5", "1.0"])
    #expect(texts(0.2, 0.8, .percent) == ["20%", "40%", "60%", "80%"])
    #expect(texts(0.611, 0.614, atMost: 3, .percent) == ["61.1%", "61.2%", "61.3%", "61.4%"])
    #expect(texts(0, 3e7) == ["0", "1e7", "2e7", "3e7"])
    #expect(texts(0, 2e-6, atMost: 4) == ["0", "5e-7", "1e-6", "1.5e-6", "2e-6"])
  }

  @Test func wholeNumbersOnly() {
    let scale = Scale(spanning: 1, 3)
    #expect(Ticks(of: scale, atMost: 10, style: .plain, wholeNumbers: true).ticks.map(\.text) == ["1", "2", "3"])
  }

  @Test(arguments: [
    (0, 0), (1, 1), (-1e308, 1e308), (1e308, 1e308), (0, .leastNonzeroMagnitude), (1e17, 100_000_000_000_000_016),
    (1, 1.000_000_000_000_001), (.nan, 1), (.infinity, -.infinity), (-1e308, -1e308), (1e-300, 1e300),
  ] as [(Double, Double)])
  func anyTwoNumbersMakeAScale(low: Double, high: Double) {
    let scale = Scale(spanning: low, high)
    #expect(scale.low.isFinite && scale.high.isFinite && scale.low < scale.high)
    for share in [0, 0.25, 0.5, 1.0] {
      #expect(abs(scale.share(of: scale.value(at: share)) - share) < 1e-6)
    }
    let extended = scale.extendedToTicks(atMost: 5)
    #expect(extended.low <= scale.low && extended.high >= scale.high)
    for count in 1...12 {
      let ticks = Ticks(of: extended, atMost: count, style: .plain).ticks
      #expect(ticks.count <= count + 1)
      #expect(ticks.allSatisfy { extended.low <= $0.value && $0.value <= extended.high && $0.text.count <= 24 })
    }
  }

  @Test func aTickReadsAsItsValue() throws {
    var draws = Draws(seed: 1)
    for _ in 0..<2_000 {
      let size = [1e-9, 1e-3, 1, 1e4, 1e12][draws.integer(below: 5)]
      let low = Double(draws.integer(below: 2_000) - 1_000) * size
      let high = low + Double(1 + draws.integer(below: 3_000)) * size
      let ticks = Ticks(of: Scale(spanning: low, high), atMost: 6, style: .plain).ticks
      #expect(ticks.count >= 2, "\(low) to \(high)")
      for tick in ticks {
        let read = try #require(Double(tick.text))
        #expect(abs(read - tick.value) <= 1e-9 * max(abs(low), abs(high)), "\(tick)")
      }
    }
  }

  @Test func numbersThatStandAlone() {
    #expect(0.9125.figureText(.percent) == "91.25%")
    #expect(0.998.figureText(.percent) == "99.8%")
    #expect(1.0.figureText(.percent) == "100%")
    #expect(123.456.figureText(.plain) == "123.5")
    #expect(1_000.0.figureText(.plain) == "1000")
    #expect(12_345.0.figureText(.plain) == "12345")
    #expect((-0.00012345).figureText(.plain) == "-0.0001234" || (-0.00012345).figureText(.plain) == "-0.0001235")
    #expect(1.5e-9.figureText(.plain) == "1.5e-9")
    #expect(1e300.figureText(.plain) == "1e300")
    #expect(Double.nan.figureText(.plain) == "nan")
    #expect((-Double.infinity).figureText(.percent) == "-inf")
  }
}
