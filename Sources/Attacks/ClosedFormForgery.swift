import Networks
import Passports
import Tensors

/// Ambiguity without data and without loss, on this method: any passports, and an FC block that is solved for.
///
/// The forger has nothing but the released network. He reads w_γ' and w_β' of passports p' that he likes, claims the
/// signs that he reads, solves for an FC block that turns the readings into the released scale γ₀ and shift β₀
/// (`BlockSolution`), and takes the released running statistics for those of the passport-aware branch. His branch then
/// computes what the released network computes. It defeats every judge who lets the claimant bring his own FC blocks
/// and bits.
public struct ClosedFormForgery: Sendable {
  /// Of the FC blocks' first matrices, and of passports that are not given.
  public var seed: UInt64
  /// Of the claim's layers: with an FC block, and with a passport-free branch.
  public var form: PassportForm

  public init(seed: UInt64, form: PassportForm = .paper) {
    self.seed = seed
    self.form = form
  }

  /// What came out.
  public struct Outcome: Sendable {
    public var claim: Claim
    /// The largest |F(w) - γ₀| and |F(w) - β₀| over all channels of all layers, in Double, before the blocks become
    /// Floats.
    public var error: Double
  }

  /// A claim with a signature of the forger's own: the signs that his passports read, unless they are bound to a key,
  /// which leaves him no choice. A weightless channel reads zero, which is no sign; there the bit is lost.
  ///
  /// - Parameters:
  ///   - layers: which normalisations get a passport.
  ///   - passport: random passports of the seed where none is given. Its text does not count.
  /// - Throws: `NetworkError` for layers that are not there, and where a block has fewer than two hidden values.
  public func forge(
    _ suspect: Network, layers: LayerSelection = .all, passport: Passport? = nil, poll: () throws -> Void = {}
  ) throws -> Outcome {
    let network = try protecting(suspect, layers)
    let drawn = try (passport.map { Passport(seed: $0.seed, origin: $0.origin) } ?? Passport(seed: seed))
      .issue(for: network)
    return try solve(network, passports: passport?.key == nil ? network.signedAsRead(drawn) : drawn, poll)
  }

  /// A claim with passports and signatures that are not the forger's to choose, as where they follow from a key: only FC
  /// blocks and statistics are.
  ///
  /// - Throws: `NetworkError` where the passports do not fit the suspect.
  public func forge(
    _ suspect: Network, passports: [IssuedPassport], poll: () throws -> Void = {}
  ) throws -> Outcome {
    guard !passports.isEmpty else {
      throw NetworkError("forge: there is not one passport to forge with", help: "give those of one layer at least")
    }
    return try solve(protecting(suspect, .named(passports.map(\.path))), passports: passports, poll)
  }

  private func protecting(_ suspect: Network, _ layers: LayerSelection) throws -> Network {
    guard form.hasBlock, !form.isSingle else {
      throw NetworkError(
        "forge: the closed form solves for FC blocks beside a passport-free branch, and this form is \(form.text)",
        help: "without FC blocks: method: \"linear\"")
    }
    // The passport-aware statistics start as a copy of the released ones, which is all that is wanted of them.
    return try suspect.released().protecting(layers, seed: seed, form: form)
  }

  private func solve(_ protected: Network, passports: [IssuedPassport], _ poll: () throws -> Void) throws -> Outcome {
    var network = protected
    let readings = try network.readings(passports)
    var error = 0.0
    for passport in passports {
      try poll()
      let path = passport.path
      guard let reading = readings[path], let scale = network.parameters[path + ".scale"],
        let shift = network.parameters[path + ".bias"]
      else { throw NetworkError("the model has no layer \(path) that can carry a passport") }
      let solution = try BlockSolution(
        reading, scale: scale.elements, shift: shift.elements, path: path, seed: seed)
      error = max(error, solution.error)
      for (name, tensor) in try solution.tensors() { try network.replace("\(path).\(name)", by: tensor) }
    }
    return Outcome(claim: try Claim(of: network, passports: passports, triggerHash: nil), error: error)
  }
}

extension Network {
  /// Passports with the signature that they read here, as a claimant has it who may choose his bits afterwards.
  func signedAsRead(_ passports: [IssuedPassport]) throws -> [IssuedPassport] {
    try passports.map { passport in
      var signed = passport
      signed.signature = Signature(signs: try scaleReading(passport).elements.map { $0 > 0 ? 1 : -1 })
      return signed
    }
  }
}
