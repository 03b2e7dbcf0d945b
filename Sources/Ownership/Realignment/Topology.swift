import Networks
import Tensors

/// The layers of a network and what they read, names and numbers of channels apart.
struct Topology {
  let network: Network

  /// Of channels, to one of the owner's: what a suspect is made of decides how long the judge sits.
  static let mostTimes = 16

  init(of network: Network) { self.network = network }

  /// Refuses a network that computes in another way, naming the first layer that differs.
  ///
  /// Layers may have other names and more channels, and the last one may have other classes.
  func check(_ suspect: Network) throws {
    let help = "re-alignment needs the owner's topology: a suspect rewritten into another one cannot be aligned"
    guard suspect.nodes.count == network.nodes.count else {
      throw NetworkError(
        "re-alignment: the suspect has \(suspect.nodes.count) layers, and the owner's copy \(network.nodes.count)",
        help: help)
    }
    guard suspect.inputShape == network.inputShape else {
      throw NetworkError(
        "re-alignment: the suspect takes samples \(suspect.inputShape), and the owner's copy \(network.inputShape)",
        help: help)
    }
    for (index, (own, other)) in zip(network.nodes, suspect.nodes).enumerated() {
      guard own.inputs == other.inputs, Self.operation(own.layer) == Self.operation(other.layer),
        own.shape.count == other.shape.count, own.shape.count < 2 || own.shape.dropFirst() == other.shape.dropFirst()
      else {
        throw NetworkError(
          "re-alignment: \(other.path) of the suspect does not compute what \(own.path) of the owner's copy does",
          help: help)
      }
      guard own.shape.isEmpty || other.shape[0] <= Self.mostTimes * max(own.shape[0], 64) else {
        throw NetworkError(
          "re-alignment: \(other.path) of the suspect has \(other.shape[0]) channels, and the owner's copy \(own.shape[0])",
          help: "more than \(Self.mostTimes) times as many are not compared")
      }
      let isLast = index == network.nodes.count - 1
      guard own.shape.isEmpty || other.shape[0] >= own.shape[0] || isLast else {
        throw NetworkError(
          "re-alignment: \(other.path) of the suspect has \(other.shape[0]) channels, and the owner's copy "
            + "\(own.shape[0])",
          help: "channels were taken away; the bits of those are gone, and the others cannot be told apart here")
      }
    }
  }

  /// What a layer computes, its channels and its bias apart.
  private static func operation(_ layer: any Layer) -> String {
    switch layer.form {
    case .convolution(let kernel, let stride, let padding, let groups, _):
      "convolution \(kernel) \(stride) \(padding) \(groups)"
    case .maxPool(let window): "maximum \(window.kernel) \(window.stride) \(window.padding)"
    case .averagePool(let window): "average \(window.kernel) \(window.stride) \(window.padding)"
    case .leakyRelu(let slope): "leaky \(slope)"
    case .globalMaximum: "global maximum"
    case .globalAverage: "global average"
    case .normalization: (layer as? any NormalizingLayer)?.normalization.rawValue ?? ""
    default: layer.kind
    }
  }
}
