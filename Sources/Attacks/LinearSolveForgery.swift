import Networks
import Passports
import Tensors

/// Ambiguity without data on forms without an FC block, such as DeepIPR's V2 and V3: the reading is linear in the
/// passport, so passports that read as the released scale γ₀ and shift β₀ are solved for (`PassportMap`).
///
/// A layer whose passport has fewer numbers that count than the layer has channels (C_in · k² < C) cannot be forged this
/// way: the stem of ResNet-18, shortcuts that widen, PointNet's pointwise convolutions. Such layers are left out of the
/// claim. Nor need what is solved for look like a passport: an owner's are uniform in [-1, 1), and how far forged ones
/// reach is what a judge can check.
public struct LinearSolveForgery: Sendable {
  /// Of the claim's layers: without an FC block, and with a passport-free branch.
  public var form: PassportForm

  public init(form: PassportForm = .deepIPR) { self.form = form }

  /// A layer that no passport makes read as it should.
  public struct Unsolved: Sendable, Equatable {
    public var path: String
    public var channels: Int
    /// How many channels a passport can set.
    public var rank: Int
    /// Why, in words.
    public var reason: String
  }

  public struct Outcome: Sendable {
    /// Of the layers that were solved.
    public var claim: Claim
    public var unsolved: [Unsolved]
    /// The largest absolute value of all forged passports.
    public var largest: Float
    /// The largest difference between what a forged passport reads and what it should, as a share of the layer's
    /// largest scale or shift; in the Floats that a judge computes with.
    public var readingError: Float
  }

  /// Readings further off than this share are not solved for: the passports would need more digits than Floats have.
  public static let mostError: Float = 1e-4

  /// - Parameter layers: which normalisations get a passport.
  /// - Throws: `NetworkError` for layers that are not there, and where not one of them can be solved.
  public func forge(
    _ suspect: Network, layers: LayerSelection = .all, poll: () throws -> Void = {}
  ) throws -> Outcome {
    guard !form.hasBlock, !form.isSingle else {
      throw NetworkError(
        "forge: passports are solved for where nothing stands between them and the scale, and this form is \(form.text)",
        help: "with FC blocks: method: \"closed\"")
    }
    let released = try suspect.released()
    let candidates = try released.protecting(layers, seed: 0, form: form)
    var (passports, unsolved): ([IssuedPassport], [Unsolved]) = ([], [])
    var (largest, readingError): (Float, Float) = (0, 0)
    for node in candidates.passportNodes {
      guard let source = candidates.source(of: node)?.path, let scale = candidates.parameters[node.path + ".scale"],
        let shift = candidates.parameters[node.path + ".bias"]
      else { continue }
      let map = try PassportMap(source, in: candidates, poll: poll)
      func leaveOut(_ reason: String) {
        unsolved.append(Unsolved(path: node.path, channels: map.channels, rank: map.rank, reason: reason))
      }
      guard map.rank == map.channels else {
        leaveOut("a passport sets \(map.rank) of the \(map.channels) channels")
        continue
      }
      let passport = IssuedPassport(
        path: node.path, source: source, scale: try map.passport(reading: scale),
        shift: try map.passport(reading: shift), signature: Signature(signs: []))
      let error = try Self.error(of: passport, scale: scale, shift: shift, in: candidates)
      guard error <= Self.mostError else {
        leaveOut("its passport would need more digits than a float has")
        continue
      }
      passports.append(passport)
      readingError = max(readingError, error)
      largest = max(largest, passport.scale.largestMagnitude, passport.shift.largestMagnitude)
    }
    guard !passports.isEmpty else {
      throw NetworkError(
        "forge: not one layer can be solved; \(unsolved.map { "\($0.path): \($0.reason)" }.joined(separator: ", "))",
        help: "a layer needs as many weights for each output channel as it has channels")
    }
    let network = try released.protecting(.named(passports.map(\.path)), seed: 0, form: form)
    let claim = try Claim(of: network, passports: network.signedAsRead(passports), triggerHash: nil)
    return Outcome(claim: claim, unsolved: unsolved, largest: largest, readingError: readingError)
  }

  /// How far the readings are from what they should be; infinite where they are no numbers.
  private static func error(
    of passport: IssuedPassport, scale: Tensor, shift: Tensor, in network: Network
  ) throws -> Float {
    guard let reading = try network.readings([passport])[passport.path] else { return .infinity }
    let difference = try max((reading.scale - scale).largestMagnitude, (reading.shift - shift).largestMagnitude)
    guard difference > 0 else { return 0 }
    return difference / max(scale.largestMagnitude, shift.largestMagnitude)
  }
}

extension Tensor {
  /// The largest absolute value; infinite where an element is no number.
  var largestMagnitude: Float { elements.reduce(0) { $1.isFinite ? max($0, abs($1)) : .infinity } }
}
