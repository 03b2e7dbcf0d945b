import Networks
import Tensors

/// Passports from pictures (DeepIPR's `image` and `shuffle`): the activations that each layer of a trained plain network
/// receives, mixed channel by channel over several pictures into one passport.
struct ImageActivations {
  /// As many pictures as the released code takes for one passport.
  static let mostImages = 20

  private let inputs: [String: [String: Tensor]]
  private let seed: UInt64

  /// None where the passports are random.
  init?(origin: Passport.Origin, network: Network, seed: UInt64) throws {
    guard case .images(let images, let trained) = origin else { return nil }
    let sources = Set(network.passportNodes.compactMap { network.source(of: $0)?.path })
    for path in sources.sorted() where trained.node(at: path) == nil {
      throw NetworkError(
        "passport: the net that the images go through has no layer named \(path)",
        help: "give a trained plain network of the same architecture as `net`")
    }
    guard images.rank == trained.inputShape.count + 1, images.shape[0] > 0 else {
      throw NetworkError("passport: images of shape \(images.shape) do not fit a network for \(trained.inputShape)")
    }
    var inputs: [String: [String: Tensor]] = [:]
    for role in ["scale", "shift"] {
      // Independent draws for scale and shift, without replacement within each.
      var stream = RandomStream(seed: seed, name: "passport/images/" + role)
      let chosen = Array(stream.permutation(images.shape[0]).prefix(Self.mostImages))
      let pass = ForwardPass(parameters: trained.parameters, buffers: trained.buffers, captures: sources)
      _ = try trained.forward(images.gathered(axis: 0, positions: chosen), pass)
      inputs[role] = pass.captured
    }
    self.inputs = inputs
    self.seed = seed
  }

  /// One passport [1, shape...]: a picture itself where the layer takes 3 channels, else channel maps from all pictures
  /// in turn, each channel used at most once.
  func passport(for path: String, shape: Shape, role: String) throws -> Tensor {
    guard let activations = inputs[role]?[path], Shape(activations.shape.dropFirst()) == shape else {
      throw NetworkError("passport: layer \(path) takes \(shape) here, and something else in the trained network")
    }
    var stream = RandomStream(seed: seed, name: "passport/channels/\(role)/\(path)")
    let count = activations.shape[0]
    guard shape[0] != 3, count > 1 else {
      return try activations.sliced(axis: 0, from: stream.permutation(count)[0], count: 1)
    }
    let channels = stream.permutation(shape[0])
    let maps = try channels.enumerated().map { position, channel in
      try activations.sliced(axis: 0, from: position % count, count: 1).sliced(axis: 1, from: channel, count: 1)
    }
    return try Tensor.concatenated(maps, axis: 1)
  }
}
