import Testing

@testable import Kernels

/// One normalisation: its kind by `perGroup`, its sets, what follows it.
private struct Case: CustomStringConvertible {
  var sets: RowSets
  var channels: Int
  var perGroup: Int?
  var form: RowNormalization.Form
  var residual = false

  var description: String {
    "\(sets.count) sets of \(sets.rows) rows, \(channels) channels, \(perGroup ?? 0) a group, \(form), \(residual)"
  }

  var inputRows: Int { (sets.inputRows.max() ?? 0) + sets.rows }
  var outputCount: Int { sets.count * form.outputRows(sets.rows) * sets.width }

  /// Rows of random numbers whose surplus channels are zero.
  func rows(_ count: Int, seed: UInt64, scale: Float = 1, shift: Float = 0) -> [Float] {
    samples(count * sets.width, seed: seed).enumerated().map {
      $0.offset % sets.width < channels ? $0.element * scale + shift : 0
    }
  }

  var z: [Float] { rows(inputRows, seed: 1, scale: 2, shift: 0.5) }
  var scale: [Float] { rows(sets.count, seed: 2, shift: 0.4) }
  var shift: [Float] { rows(sets.count, seed: 3) }
  var residuals: [Float]? { residual ? rows(outputCount / sets.width, seed: 4) : nil }
  var dy: [Float] { rows(outputCount / sets.width, seed: 5) }

  var naive: NaiveRowNormalization {
    NaiveRowNormalization(
      sets: sets, channels: channels, perGroup: perGroup, form: form, z: z.map(Double.init),
      scale: scale.map(Double.init), shift: shift.map(Double.init), residual: residuals?.map(Double.init))
  }

  /// What a result is written over: y over z or the residual, dz over z or dy.
  enum Place { case z, residual, dy }

  struct Results {
    var y: [Float] = [], residualGradient: [Float] = [], dz: [Float] = [], scale: [Float] = [], shift: [Float] = []
    var all: [Float] { y + residualGradient + dz + scale + shift }
  }

  /// What the kernels make of it; the gradient of z is added to ones if `adds`.
  func run(_ level: KernelLevel, z: [Float]? = nil, adds: Bool = false, inPlaceOf place: Place? = nil) -> Results {
    let z = z ?? self.z
    var scratch = [Float](repeating: .nan, count: RowNormalization.scratchCount(sets, form: form))
    let statistics: RowStatistics
    if let perGroup {
      statistics = RowNormalization.moments(sets, z, scratch: &scratch, level: level)
        .statistics(channels: channels, channelsPerGroup: perGroup, epsilon: 1e-5)
    } else {
      statistics = RowStatistics(identityOf: channels, sets: sets.count, width: sets.width)
    }
    let affines = Array(0..<sets.count)
    let (a, b) = statistics.affine(scale: scale, shift: shift, affines: affines)
    var dy = dy, dz = [Float](repeating: adds ? 1 : .nan, count: z.count)
    let mean = statistics.mean.map { Float($0) }
    return a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return Results() }
        let affine = RowNormalization.Affine(multiply: a, add: b)
        let y = output(outputCount) { y in
          func forward(_ z: UnsafePointer<Float>, _ residual: UnsafePointer<Float>?) {
            RowNormalization.forward(sets, form: form, z, affine, residual: residual, into: y, level: level)
          }
          switch place {
          case .z:
            y.update(from: z, count: z.count)
            forward(y, residuals)
          case .residual:
            y.update(from: residuals ?? [], count: residuals?.count ?? 0)
            forward(z, y)
          default: forward(z, residuals)
          }
        }
        let sums = RowNormalization.gradientSums(
          sets, form: form, z, affine, mean: mean, output: y, outputGradient: &dy, scratch: &scratch, level: level)
        let coefficients = statistics.inputGradientCoefficients(sums, scale: scale, affines: affines)
        if place == .z { dz = z }
        if place == .dy { dz = dy }
        dz.withUnsafeMutableBufferPointer { dz in
          guard let dz = dz.baseAddress else { return }
          func backward(_ z: UnsafePointer<Float>, _ dy: UnsafePointer<Float>) {
            RowNormalization.inputGradient(
              sets, form: form, z, affine, outputGradient: dy, coefficients, accumulates: adds, into: dz, level: level)
          }
          switch place {
          case .z: backward(dz, dy)
          case .dy: backward(z, dz)
          default: backward(z, dy)
          }
        }
        let (scale, shift) = statistics.affineGradients(sums, affines: affines, count: sets.count)
        return Results(y: y, residualGradient: dy, dz: dz, scale: scale, shift: shift)
      }
    }
  }
}

private let forms: [(RowNormalization.Form, residual: Bool)] = [
  (.init(), false), (.init(relu: true), false), (.init(), true), (.init(relu: true), true),
  (.init(reluAfterSum: true), true), (.init(relu: true, reluAfterSum: true), true),
]

private let cases: [Case] = {
  var result: [Case] = []
  func add(_ sets: RowSets, _ channels: Int, _ perGroup: Int?) {
    for (form, residual) in forms {
      result.append(Case(sets: sets, channels: channels, perGroup: perGroup, form: form, residual: residual))
    }
  }
  for (channels, groups) in [(1, [1]), (3, [1, 3]), (16, [1, 4, 16]), (40, [1, 10, 40]), (130, [1, 13, 130])] {
    let width = ChannelsLast.width(channels)
    for perGroup in [nil] + groups.map(Optional.init) {
      add(RowSets(count: 1, rows: 37, width: width), channels, perGroup)
      add(RowSets(count: 3, rows: 4, width: width), channels, perGroup)
      add(RowSets(inputRows: [0, 9, 0, 9], rows: 9, width: width), channels, perGroup)
    }
  }
  add(RowSets(count: 2, rows: 3000, width: 16), 16, 1)
  for (height, width) in [(2, 2), (3, 5), (4, 4), (5, 2)] {
    for (channels, perGroup) in [(3, 1), (3, nil), (20, 20), (64, 16)] {
      for relu in [false, true] {
        for sets in [1, 2] {
          let rows = 2 * height * width
          result.append(
            Case(
              sets: RowSets(
                inputRows: sets == 1 ? [rows] : [0, 0], rows: rows, width: ChannelsLast.width(channels)),
              channels: channels, perGroup: perGroup,
              form: .init(relu: relu, pooledImage: RowImage(height: height, width: width))))
        }
      }
    }
  }
  return result
}()

@Suite struct RowNormalizationTests {
  // A result is off by a few roundings (6e-8) of numbers up to ten times as large as it, and of the deviations it is
  // divided by; gradients have passed through three such steps. A sum over n rows gathers about √n roundings.
  @Test(arguments: KernelLevel.available) func everyKindMatchesFloat64(_ level: KernelLevel) {
    for test in cases {
      let naive = test.naive, results = test.run(level), adding = test.run(level, adds: true)
      let expected = naive.backward(test.dy.map(Double.init))
      #expect(error(results.y, naive.forward().y) < 2e-6, "\(test)")
      // Rows that no set lies on are left alone.
      let first = (test.sets.inputRows.min() ?? 0) * test.sets.width
      #expect(error(Array(results.dz[first...]), Array(expected.z[first...])) < 2e-5, "\(test)")
      #expect(error(adding.dz, expected.z.map { $0 + 1 }) < 2e-5, "\(test)")
      #expect(error(results.scale, expected.scale) < 5e-6, "\(test)")
      #expect(error(results.shift, expected.shift) < 5e-6, "\(test)")
      if test.form.reluAfterSum {
        let masked = zip(naive.forward().y, test.dy).map { $0 > 0 ? Double($1) : 0 }
        #expect(error(results.residualGradient, masked) == 0, "\(test)")
      }
    }
  }

  @Test(arguments: [1, 6, 2, nil]) func everyKindMatchesDifferences(_ perGroup: Int?) {
    let image = RowImage(height: 2, width: 4)
    for form in [RowNormalization.Form(), .init(relu: true), .init(pooledImage: image)] {
      let sets = RowSets(inputRows: [0, 8, 0], rows: 8, width: 16)
      let test = Case(sets: sets, channels: 6, perGroup: perGroup, form: form)
      let dy = test.dy.map(Double.init), naive = test.naive
      for level in KernelLevel.available {
        let results = test.run(level)
        for index in naive.z.indices where index % 16 < 6 {
          #expect(abs(naive.slope(dy) { $0.z[index] += $1 } - Double(results.dz[index])) < 2e-5)
        }
        for index in naive.scale.indices where index % 16 < 6 {
          #expect(abs(naive.slope(dy) { $0.scale[index] += $1 } - Double(results.scale[index])) < 2e-5)
          #expect(abs(naive.slope(dy) { $0.shift[index] += $1 } - Double(results.shift[index])) < 2e-5)
        }
      }
    }
  }

  @Test(arguments: KernelLevel.available) func resultsMayLieOverTheirInputs(_ level: KernelLevel) {
    let sets = RowSets(count: 2, rows: 700, width: 48)
    let test = Case(sets: sets, channels: 40, perGroup: 1, form: .init(relu: true, reluAfterSum: true), residual: true)
    let expected = test.run(level)
    #expect(test.run(level, inPlaceOf: .z).y == expected.y)
    #expect(test.run(level, inPlaceOf: .residual).y == expected.y)
    #expect(test.run(level, inPlaceOf: .z).dz == expected.dz)
    #expect(test.run(level, inPlaceOf: .dy).dz == expected.dz)

    var shared = test
    shared.sets = RowSets(inputRows: [0, 0], rows: 700, width: 48)
    let overFirst = shared.run(level, inPlaceOf: .dy).dz
    #expect(Array(overFirst[..<(700 * 48)]) == shared.run(level).dz)
  }

  @Test(arguments: KernelLevel.available) func surplusChannelsStayZero(_ level: KernelLevel) {
    for test in cases where test.channels < test.sets.width {
      let results = test.run(level, adds: true)
      let first = (test.sets.inputRows.min() ?? 0) * test.sets.width
      #expect(results.y.indices.allSatisfy { $0 % test.sets.width < test.channels || results.y[$0] == 0 }, "\(test)")
      #expect(
        results.dz.indices.allSatisfy { $0 < first || $0 % test.sets.width < test.channels || results.dz[$0] == 1 },
        "\(test)")
    }
  }

  // Σ z² - (Σ z)²/n would lose all of a deviation of 1e-3 at 1000; the numbers themselves are rounded to 6e-5.
  @Test(arguments: KernelLevel.available) func momentsAreRobust(_ level: KernelLevel) {
    let sets = RowSets(count: 2, rows: 40_000, width: 16)
    let z = samples(sets.count * sets.rows * sets.width, seed: 1).map { 1000 + $0 / 1000 }
    var scratch = [Float](repeating: .nan, count: RowNormalization.scratchCount(sets))
    let moments = RowNormalization.moments(sets, z, scratch: &scratch, level: level)
    for set in 0..<2 {
      for channel in 0..<16 {
        let values = (0..<sets.rows).map { Double(z[(set * sets.rows + $0) * 16 + channel]) }
        let mean = values.reduce(0, +) / Double(sets.rows)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect(abs(moments.mean[set * 16 + channel] - mean) < 1e-4)
        #expect(abs(moments.squares[set * 16 + channel] / squares - 1) < 1e-2)
      }
    }
  }

  @Test(arguments: KernelLevel.available) func resultsDoNotDependOnTheThreadCount(_ level: KernelLevel) {
    for form in [RowNormalization.Form(relu: true), .init(relu: true, pooledImage: RowImage(height: 50, width: 40))] {
      let test = Case(sets: RowSets(inputRows: [0, 0], rows: 4000, width: 48), channels: 40, perGroup: 1, form: form)
      #expect(isTheSameForEveryThreadCount { test.run(level).all })
    }
  }

  @Test(arguments: KernelLevel.available) func aNotANumberIsKept(_ level: KernelLevel) {
    let image = RowImage(height: 2, width: 2)
    for form in [RowNormalization.Form(relu: true), .init(reluAfterSum: true), .init(relu: true, pooledImage: image)] {
      for place in 0..<4 {
        let test = Case(
          sets: RowSets(count: 1, rows: 4, width: 16), channels: 16, perGroup: nil, form: form,
          residual: form.reluAfterSum)
        var z = test.z
        z[place * 16 + 5] = .nan
        let y = test.run(level, z: z).y
        let expected = form.pooledImage == nil ? [place * 16 + 5] : [5]
        #expect(y.indices.filter { y[$0].isNaN } == expected, "\(form)")
      }
    }
  }
}
