import Glibc
import Networks
import Tensors

/// An FC block that makes the scale and shift that are asked for from two given readings:
///
///     F₂ · LeakyReLU(F₁ · w_γ) = γ        F₂ · LeakyReLU(F₁ · w_β) = β
///
/// F₁ is drawn as any new block; each row of F₂ has two conditions and C/4 unknowns. The row of smallest norm is
/// (γᵢ, βᵢ) G⁻¹ (h_γ, h_β)ᵀ, with the hidden vectors h and their 2 x 2 Gram matrix G. Everything is computed in Double;
/// F₁, w_γ and w_β are the Floats that a judge reads.
struct BlockSolution {
  /// F₁ [C/4, C].
  let first: [Float]
  /// F₂ [C, C/4].
  let second: [Double]
  /// The largest |F₂ · h - γ| and |F₂ · h - β| over all channels, before F₂ becomes Floats.
  let error: Double

  private let hidden: Int

  /// As PassportNormalizationLayer's block computes: a Float.
  private static let slope = Double(0.01 as Float)
  /// So many blocks are drawn for hidden vectors that are far from parallel; the best is taken.
  private static let draws = 8
  /// sin² of the angle between the hidden vectors: as good as any, and too small to solve for.
  private static let goodSine = 0.25
  private static let leastSine = 1e-10

  /// - Parameters:
  ///   - reading: w_γ and w_β, [C] each.
  ///   - path: of the layer, which names the random stream.
  /// - Throws: `NetworkError` where a block has fewer than two hidden values, and where no block tells the readings
  ///   apart.
  init(_ reading: PassportReading, scale: [Float], shift: [Float], path: String, seed: UInt64) throws {
    let channels = scale.count
    let hidden = channels / 4
    guard hidden >= 2 else {
      throw NetworkError(
        "forge: the FC block of \(path) has \(hidden) hidden value\(hidden == 1 ? "" : "s"), and the closed form needs 2",
        help: "it works on layers of 8 channels and more")
    }
    guard reading.scale.count == channels, reading.shift.count == channels, shift.count == channels else {
      throw NetworkError("forge: readings, scale and shift of \(path) are not of the same \(channels) channels")
    }
    self.hidden = hidden
    let readings = [reading.scale.elements, reading.shift.elements]
    let stream = RandomStream(seed: seed, name: "forge/closed/\(path).fc.0.weight")
    var best: (first: [Float], pair: HiddenPair)?
    for draw in 0..<Self.draws where (best?.pair.sine ?? 0) < Self.goodSine {
      let first = Self.draw(hidden, channels, from: stream.substream(draw))
      let pair = HiddenPair(readings.map { Self.hidden(first, $0) })
      if pair.sine > best?.pair.sine ?? 0 { best = (first, pair) }
    }
    guard let (drawn, pair) = best, pair.sine >= Self.leastSine else {
      throw NetworkError(
        "forge: the passports of scale and shift read alike at \(path), and no FC block can tell them apart",
        help: "take two passports that differ, on a layer whose weights are not all zero")
    }
    var rows = [Double](repeating: 0, count: channels * hidden)
    var error = 0.0
    for channel in 0..<channels {
      let wanted = (Double(scale[channel]), Double(shift[channel]))
      var row = pair.row(for: wanted)
      // What rounding left is solved for once more.
      let rest = pair.error(of: row, wanted)
      for (index, part) in pair.row(for: rest).enumerated() { row[index] += part }
      let left = pair.error(of: row, wanted)
      error = max(error, abs(left.0), abs(left.1))
      rows.replaceSubrange(channel * hidden..<(channel + 1) * hidden, with: row)
    }
    // LeakyReLU(f h) = f LeakyReLU(h): a factor goes from one matrix to the other. A power of two changes no digit, and
    // this one makes weights of one size.
    let factor = Self.balance(drawn.map(Double.init), rows)
    self.first = drawn.map { $0 * Float(factor) }
    second = rows.map { $0 / factor }
    self.error = error
  }

  /// F₁ and F₂ as a claim keeps them.
  func tensors() throws -> [String: Tensor] {
    let channels = second.count / hidden
    return [
      "fc.0.weight": try Tensor(first, shape: [hidden, channels]),
      "fc.2.weight": try Tensor(second.map { Float($0) }, shape: [channels, hidden]),
    ]
  }

  /// PyTorch's start of a dense layer: uniform in ±1/√C.
  private static func draw(_ hidden: Int, _ channels: Int, from stream: RandomStream) -> [Float] {
    var stream = stream
    let bound = 1 / Float(channels).squareRoot()
    return (0..<hidden * channels).map { _ in bound * stream.signedUniform() }
  }

  /// LeakyReLU(F₁ · w)
  private static func hidden(_ first: [Float], _ w: [Float]) -> [Double] {
    stride(from: 0, to: first.count, by: w.count).map { start in
      let sum = w.indices.reduce(0.0) { $0 + Double(first[start + $1]) * Double(w[$1]) }
      return sum > 0 ? sum : slope * sum
    }
  }

  private static func balance(_ first: [Double], _ second: [Double]) -> Double {
    func size(_ values: [Double]) -> Double {
      (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
    }
    let ratio = (size(second) / size(first)).squareRoot()
    guard ratio.isFinite, ratio > 0 else { return 1 }
    // No further than Floats reach.
    return exp2(min(max(log2(ratio).rounded(), -60), 60))
  }
}

/// The hidden vectors of scale and shift, and what a row of F₂ must be to meet both with given products.
private struct HiddenPair {
  private let scale, shift: [Double]
  private let scaleLength, shiftLength: Double
  /// The shift's direction without its part along the scale's.
  private let across: [Double]
  private let cosine: Double
  /// sin² of the angle between them; 0 where one of them is zero.
  let sine: Double

  init(_ hidden: [[Double]]) {
    (scale, shift) = (hidden[0], hidden[1])
    scaleLength = exactProduct(scale, scale).squareRoot()
    shiftLength = exactProduct(shift, shift).squareRoot()
    let (u, v) = (scale.map { [scaleLength] in $0 / scaleLength }, shift.map { [shiftLength] in $0 / shiftLength })
    let cosine = exactProduct(u, v)
    let across = zip(u, v).map { $1 - cosine * $0 }
    let square = exactProduct(across, across)
    self.cosine = cosine
    self.across = across
    sine = square.isFinite ? square : 0
  }

  /// The shortest row with these products with h_γ and h_β.
  func row(for wanted: (Double, Double)) -> [Double] {
    let (along, target) = (wanted.0 / scaleLength, wanted.1 / shiftLength)
    let rest = (target - along * cosine) / sine
    return zip(scale, across).map { along * $0 / scaleLength + rest * $1 }
  }

  /// By how much a row's products miss what is wanted.
  func error(of row: [Double], _ wanted: (Double, Double)) -> (Double, Double) {
    (-exactProduct(row, scale, minus: wanted.0), -exactProduct(row, shift, minus: wanted.1))
  }
}

/// Σ aᵢ bᵢ - c as if computed with twice the digits and then rounded (Ogita, Rump and Oishi 2005, `Dot2`).
private func exactProduct(_ a: [Double], _ b: [Double], minus c: Double = 0) -> Double {
  var (sum, rest) = (-c, 0.0)
  for (a, b) in zip(a, b) {
    let product = a * b
    rest += (-product).addingProduct(a, b)
    let next = sum + product
    let back = next - sum
    rest += (sum - (next - back)) + (product - back)
    sum = next
  }
  return sum + rest
}
