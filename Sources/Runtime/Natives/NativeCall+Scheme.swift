import Networks
import Passports
import Training

// `scheme:` of `train`: one call for the paper's method and for the baselines beside it, so that one table compares them.

extension NativeCall {
  /// The network that a scheme trains: with its passport layers, if it was asked for by name and the model has none.
  func networkForScheme(_ network: Network) throws -> Network {
    let scheme = try scheme()
    guard isGiven("scheme"), isGiven("passport"), let form = scheme.form, !network.carriesPassports else {
      return network
    }
    return try network.protecting(layerSelection(), seed: session.seed, form: form)
  }

  /// Puts passport or watermark into a plan, and refuses what does not belong to its scheme.
  func settleScheme(of plan: inout TrainingPlan, for network: Network) throws {
    let scheme = try scheme()
    let passport = try optionalObject("passport", as: PassportObject.self, called: "a passport")?.passport
    try checkArguments(of: scheme, hasPassport: passport != nil, for: network)
    if scheme == .uchida, let passport {
      plan.watermark = try Watermark(
        passport, in: network, layerSelection(), bits: integer("bits", in: 1...4096, default: Watermark.bits))
    } else {
      plan.passport = passport
    }
  }

  private func checkArguments(of scheme: Scheme, hasPassport: Bool, for network: Network) throws {
    let name = scheme.rawValue
    switch scheme.needsTriggers {
    case true? where !isGiven("triggers"):
      throw fail("\(name) lives by its triggers", argument: "triggers", help: "give it a set: triggers(...)")
    case false? where isGiven("triggers"):
      throw fail("\(name) has no triggers", argument: "triggers", help: scheme == .deepIPR2 ? "deepipr-v3 has" : nil)
    default: break
    }
    if isGiven("bits"), scheme != .uchida { throw fail("'bits' belongs to uchida", argument: "bits") }
    guard scheme.form != nil else {
      guard !network.carriesPassports else {
        throw fail("\(name) has no passports, and this model has passport layers", argument: "net")
      }
      if scheme == .adi, hasPassport { throw fail("adi has triggers alone, no passport", argument: "passport") }
      if scheme == .uchida, !hasPassport {
        throw fail(
          "uchida takes its bits from a passport's text and seed", argument: "passport",
          help: "give it: passport(\"me\", seed: 42)")
      }
      return
    }
    if let form = network.passportForm, isGiven("scheme") || form.isSingle, !scheme.fits(form) {
      throw fail(
        "this model's passport layers are not those of \(name): \(form.text)", argument: isGiven("scheme") ? "scheme" : "net",
        help: form.isSingle ? "train it with scheme: \"deepipr-v1\"" : "make them with protect(net, scheme: \"\(name)\")")
    }
    guard hasPassport else {
      if isGiven("scheme") { throw fail("\(name) needs the owner's passport", argument: "passport") }
      return
    }
    guard network.carriesPassports else {
      throw fail(
        "this model carries no passport layers", argument: "passport",
        help: "compose it with norm(passport: true), or protect(net, layers: \"all\")")
    }
  }
}
