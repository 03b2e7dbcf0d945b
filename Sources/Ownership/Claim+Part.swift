import Networks
import Passports

// What of a claim can still be read where a network is not the one that was claimed: a new head, or another
// architecture.

extension Claim {
  /// The layers and the watermark of the claim that a network still has, of the same kind and size, and how many bits
  /// the others had.
  public func part(in network: Network) -> (claim: Claim, goneBits: Int) {
    let kept = layers.filter { layer in
      // Attaching is what decides whether a layer fits; its reading whether the passport does.
      let alone = Claim(layers: [layer], triggerHash: nil)
      return (try? network.attaching(alone).scaleReading(layer.passport)) != nil
    }
    let keptBranches = branches.filter { branch in
      (try? network.attaching(Claim(layers: [], branches: [branch], triggerHash: nil))) != nil
    }
    let keptWatermark = watermark.flatMap { (try? $0.reading(of: network)) == nil ? nil : $0 }
    let part = Claim(
      layers: kept, branches: keptBranches, watermark: keptWatermark, triggerHash: triggerHash)
    return (part, bits - part.bits)
  }
}
