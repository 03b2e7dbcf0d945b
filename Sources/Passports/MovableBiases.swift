import Networks
import Tensors

// Biases that say nothing. Behind W x + b, a normalisation that takes a constant away computes the same of b + t beside
// μ + t, or of b + t beside β - γ t: anybody moves such a bias at will, and w_γ = W S + b along with it. A signature that
// is to be evidence is read of W S alone, so bound owners train without them.

extension Network {
  /// Empties the movable biases of the layers that some passports go through, so that the passport-free branch computes
  /// the same as before.
  ///
  /// - Returns: full names of the emptied biases, which are zero now.
  public mutating func emptyMovableBiases(under passports: [IssuedPassport]) throws -> Set<String> {
    var emptied: Set<String> = []
    for passport in passports {
      let name = passport.source + ".bias"
      guard let bias = parameters[name], let source = nodes.firstIndex(where: { $0.path == passport.source }),
        let reader = onlyReader(of: source).map({ nodes[$0] }), reader.path == passport.path,
        let layer = reader.layer as? any NormalizingLayer, try letGo(of: bias, behind: reader.path, layer.normalization)
      else { continue }
      try replace(name, by: Tensor(repeating: 0, shape: bias.shape))
      emptied.insert(name)
    }
    return emptied
  }

  /// Takes a bias out of what a normalisation does; false where its moments are not each channel's own.
  private mutating func letGo(of bias: Tensor, behind path: String, _ kind: NormalizationKind) throws -> Bool {
    switch kind {
    case .batch:
      for name in [path + ".bn0.running_mean", path + ".bn1.running_mean"] {
        if let mean = buffers[name] { try replace(name, by: mean - bias) }
      }
    case .identity:
      if let scale = parameters[path + ".scale"], let shift = parameters[path + ".bias"] {
        try replace(path + ".bias", by: shift + scale * bias)
      }
    case .instance: break
    case .group, .layer: return false
    }
    return true
  }
}
