import Language
import Networks
import Ownership
import Passports
import Synchronization
import Tensors
import Training

/// A network that a script trains in place; `copy` makes one that trains on its own.
final class ModelObject: ObjectValue {
  private let held: Mutex<Network>

  init(_ network: Network) { held = Mutex(network) }

  var network: Network {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }

  var kindName: String { "a model" }
  var shapeText: String { "\(network.inputShape) -> \(network.outputShape)" }
  var byteCount: Int? {
    let network = network
    return (network.parameters.values.reduce(0) { $0 + $1.count } + network.buffers.values.reduce(0) { $0 + $1.count })
      * MemoryLayout<Float>.stride
  }
  var fieldNames: [String] { ["name", "input", "output", "layers", "passports", "parameters", "sha256"] }

  func describe() -> String {
    let network = network
    let passports = network.passportNodes.count
    let carried = passports == 0 ? "" : ", \(passports) passport layer\(passports == 1 ? "" : "s")"
    return
      "\(network.name): \(network.inputShape) -> \(network.outputShape), \(network.parameterCount.grouped) parameters\(carried)"
  }

  func field(_ name: String) throws -> Value? {
    let network = network
    switch name {
    case "name": return .text(network.name)
    case "input": return try .list(network.inputShape.map(Value.integer))
    case "output": return try .list(network.outputShape.map(Value.integer))
    case "layers": return try .list(network.nodes.map { .text($0.path) })
    case "passports": return try .list(network.passportNodes.map { .text($0.path) })
    case "parameters": return .integer(network.parameterCount)
    case "sha256": return .text(try network.sha256())
    default: return nil
    }
  }

  /// `net(x)`: the logits of a batch, in evaluation mode.
  func call(_ arguments: Arguments, in session: Session) throws -> Value? {
    guard arguments.labelled.isEmpty, arguments.positional.count == 1,
      let batch = try TensorObject.tensor(from: arguments.positional[0])
    else { throw Failure("a model is called with one tensor, a batch of samples", help: "net(data.test.images[0..9])") }
    let network = network
    let pass = ForwardPass(parameters: network.parameters, buffers: network.buffers, poll: session.checkInterrupt)
    return .object(TensorObject(try network.forward(batch, pass)))
  }

  /// Layers with shapes, parameters, multiply-adds, and which of them carry passports.
  func table() throws -> Table {
    let network = network
    let nodes = network.nodes
    let costs = nodes.map { $0.layer.multiplyAdds(for: network.inputShapes(of: $0), output: $0.shape) }
    let counts = nodes.map { node in
      node.layer.parameters(for: network.inputShapes(of: node)).reduce(0) { $0 + $1.shape.reduce(1, *) }
    }
    return try Table([
      ("layer", nodes.map { .text($0.path) }),
      ("kind", nodes.map { .text(type(of: $0.layer).pathStem) }),
      ("output", nodes.map { .text("\($0.shape)") }),
      ("parameters", counts.map(Value.integer)),
      ("multiply_adds", costs.map(Value.integer)),
      ("passport", nodes.map { .text($0.layer is PassportNormalizationLayer ? "yes" : "") }),
    ])
  }
}

extension Int {
  /// With a comma between thousands.
  var grouped: String {
    let digits = String(magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      let start = Swift.max(0, end - 3)
      return String(Array(digits)[start..<end])
    }
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}
