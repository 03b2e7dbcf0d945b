import Files
import Language
import Networks
import Passports
import Tensors

/// Natives that make, change, show and keep models.
let modelNatives: [Native] = [
  Native(
    "alexnet", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("input", "list", default: "[3, 32, 32]", "the shape of one image"),
      .init("kind", "text", default: "\"batch\"", "of its normalisations: \"batch\" or \"group\""),
      .init("widths", "list", default: "[64, 192, 384, 256, 256]", "channels of its five convolutions"),
      .init("passport", "true or false", default: "false", "protects all five layers"),
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's AlexNet for small images: five normalised convolutions and one dense layer.",
    example: "alexnet(10)"
  ) { call in
    let seed = try weightSeed(call)
    return try zooModel(
      call, AlexNet.make(
        classes: call.integer("classes", in: 2...), input: call.isGiven("input") ? call.integers("input") : [3, 32, 32],
        normalization: call.normalizationKind(), widths: call.isGiven("widths") ? call.integers("widths") : nil,
        seed: seed), seed: seed)
  },
  Native(
    "resnet18", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("input", "list", default: "[3, 32, 32]", "the shape of one image"),
      .init("kind", "text", default: "\"batch\"", "of its normalisations: \"batch\" or \"group\""),
      .init("widths", "list", default: "[64, 128, 256, 512]", "channels of its four stages"),
      .init("relu", "text", default: "\"passport\"", "\"passport\": after every convolution; \"plain\": not before sums"),
      .init("passport", "true or false", default: "false", "protects all twenty convolutions"),
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's ResNet-18 for small images: twenty normalised convolutions and one dense layer.",
    example: "resnet18(10, widths: [16, 16, 32, 32])"
  ) { call in
    let relus = try call.choice("relu", of: ResNet18.ReluPlacement.allCases.map(\.rawValue), default: "passport")
    let seed = try weightSeed(call)
    return try zooModel(
      call, ResNet18.make(
        classes: call.integer("classes", in: 2...), input: call.isGiven("input") ? call.integers("input") : [3, 32, 32],
        normalization: call.normalizationKind(), widths: call.isGiven("widths") ? call.integers("widths") : nil,
        relus: ResNet18.ReluPlacement(rawValue: relus) ?? .passport, seed: seed), seed: seed)
  },
  Native(
    "pointnet", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("points", "number", default: "1024", "points of one cloud"),
      .init("kind", "text", default: "\"batch\"", "of its normalisations: \"batch\" or \"group\""),
      .init(
        "widths", "list", default: "[64, 128, 1024, 512, 256]",
        "channels of its three convolutions and two dense layers, and of its T-Nets'"),
      .init("dropout", "number", default: "40%", "share that is zeroed behind the second dense layer while training"),
      .init(
        "regularizer", "text", default: "\"orthogonal\"",
        "of the second transform M: \"orthogonal\" is |M Mt - I|, \"released\" |M (Mt - I)|, \"none\""),
      .init("passport", "true or false", default: "false", "protects its six layers; the last needs 8 classes"),
      statisticsParameter,
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's PointNet for clouds [3, points]: two T-Nets, three convolutions, three dense layers.",
    example: "pointnet(10, points: 256, widths: [16, 24, 128, 64, 32])"
  ) { call in
    let regularizer = try call.choice("regularizer", of: ["orthogonal", "released", "none"], default: "orthogonal")
    let seed = try weightSeed(call)
    return try zooModel(
      call, PointNet.make(
        classes: call.integer("classes", in: 2...), points: call.integer("points", in: 1..., default: PointNet.points),
        normalization: call.normalizationKind(), widths: call.isGiven("widths") ? call.integers("widths") : nil,
        dropout: call.isGiven("dropout") ? Float(call.number("dropout")) : PointNet.dropout,
        regularizer: TransformLayer.Regularizer(rawValue: regularizer), seed: seed),
      seed: seed, sharesStatistics: sharesStatistics(call))
  },
  Native(
    "protect", area: "models",
    [
      netParameter,
      .init("layers", "text or list", default: "\"all\"", "names, beginnings of names, numbers (4 is features.4) or \"all\""),
      statisticsParameter, .init("seed", "number", default: "none", "of the FC blocks; the session's seed if none"),
    ],
    summary: "A copy with a passport-aware branch beside the normalisation of these layers.",
    example: "protect(alexnet(10), layers: [4, 5, 6])"
  ) { call in
    let seed = try weightSeed(call)
    return .object(
      ModelObject(
        try call.network("net").protecting(
          layerSelection(call), seed: seed, sharesStatistics: sharesStatistics(call))))
  },
  Native(
    "release", area: "models", [netParameter],
    summary: "What leaves the house: a copy with the passport-free branch only, an ordinary network.",
    example: "release(alexnet(10, passport: true))"
  ) { call in .object(ModelObject(try call.network("net").released())) },
  Native(
    "copy", area: "models", [netParameter], summary: "A copy that trains on its own.", example: "copy(alexnet(10))"
  ) { call in .object(ModelObject(try call.network("net"))) },
  Native(
    "summary", area: "models", [netParameter],
    summary: "Its layers as a table: shapes, parameters, multiply-adds, and which carry passports.",
    example: "summary(alexnet(10))"
  ) { call in .object(try call.object("net", as: ModelObject.self, called: "a model").table()) },
  Native(
    "parameters", area: "models",
    [netParameter, .init("statistics", "true or false", default: "false", "the running statistics instead")],
    summary: "A model's tensors as a record; names are the paths of their layers.",
    example: "keys(parameters(alexnet(10)))"
  ) { call in
    let network = try call.network("net")
    let statistics = try call.boolean("statistics", default: false)
    let tensors = statistics ? network.buffers : network.parameters
    return .record(
      try Record(
        (statistics ? network.bufferNames : network.parameterNames).compactMap { name in
          tensors[name].map { Record.Field(name: name, value: .object(TensorObject($0))) }
        }))
  },
  Native(
    "with_parameters", area: "models",
    [netParameter, .init("tensors", "record", "tensors by name, as parameters(net) gives them")],
    summary: "A copy with some of its tensors replaced.",
    example: "net = alexnet(10)\nwith_parameters(net, {\"classifier.bias\": zeros(10)}).name"
  ) { call in
    var network = try call.network("net")
    for field in try call.record("tensors").fields {
      guard let tensor = try TensorObject.tensor(from: field.value) else {
        throw call.fail("'\(field.name)' is \(field.value.kindName), not a tensor", argument: "tensors")
      }
      try network.replace(field.name, by: tensor)
    }
    return .object(ModelObject(network))
  },
  Native(
    "save", area: "models",
    [
      .init("what", "model, claim, tensor or record", "what to keep"),
      .init("path", "text", "the file, usually *.safetensors"),
    ],
    summary: "Writes a model, a claim, a tensor or a record of tensors to a safetensors file.",
    example: "fn keep(net) { save(net, \"net.safetensors\") }"
  ) { call in
    try EngineFile.save(call.value("what"), to: call.text("path"), call)
    return .none
  },
  Native(
    "load", area: "models",
    [
      .init("path", "text", "a safetensors file"),
      .init("into", "model", default: "none", "for files of other tools: the model whose tensors it holds"),
    ],
    summary: "Reads what `save` wrote, or another tool's safetensors file as a record or into a model.",
    example: "fn fetch(path) { load(path) }"
  ) { call in
    try EngineFile.load(call.text("path"), into: call.isGiven("into") ? call.network("into") : nil)
  },
]

let netParameter = Native.Parameter("net", "model", "the model")

/// The seed of a model's weights: the session's where none is given, so that twins start alike.
private func weightSeed(_ call: NativeCall) throws -> UInt64 {
  call.isGiven("seed") ? try call.randomSeed() : call.session.seed
}

/// A network of the zoo as a value, protected in every layer if `passport: true` asks for it.
private func zooModel(
  _ call: NativeCall, _ network: Network, seed: UInt64, sharesStatistics: Bool = false
) throws -> Value {
  guard try call.boolean("passport", default: false) else { return .object(ModelObject(network)) }
  return .object(ModelObject(try network.protecting(.all, seed: seed, sharesStatistics: sharesStatistics)))
}

private let statisticsParameter = Native.Parameter(
  "statistics", "text", default: "\"separate\"",
  "running statistics of passport layers: \"separate\" for each branch, or \"shared\" as the released PointNet has them")

private func sharesStatistics(_ call: NativeCall) throws -> Bool {
  try call.choice("statistics", of: ["separate", "shared"], default: "separate") == "shared"
}

/// `layers:` of `protect`: "all", a name, a number, or a list of either.
private func layerSelection(_ call: NativeCall) throws -> LayerSelection {
  switch call.value("layers") {
  case .none, .text("all"): return .all
  case .text(let name): return .named([name])
  case .number: return .numbered([try call.integer("layers")])
  default:
    let elements = try call.list("layers")
    if case .number? = elements.first { return .numbered(try call.integers("layers")) }
    return .named(
      try elements.map { element in
        guard case .text(let name) = element else {
          throw call.mismatch("layers", expected: "\"all\", names or numbers")
        }
        return name
      })
  }
}

extension NativeCall {
  func network(_ label: String) throws -> Network {
    try object(label, as: ModelObject.self, called: "a model").network
  }
}

/// Models, claims and tensors in safetensors files.
enum EngineFile {
  static func save(_ value: Value, to path: String, _ call: NativeCall) throws {
    switch value {
    case .object(let model as ModelObject):
      let network = model.network
      try Safetensors.write(
        network.fileTensors, metadata: [Network.metadataKey: network.architectureText()], to: path)
    case .object(let object as ClaimObject): try object.claim.save(to: path)
    case .object(let object as TensorObject):
      try Safetensors.write([object.tensor.fileTensor(named: "tensor")], to: path)
    case .record(let record):
      let tensors = try record.fields.map { field -> Safetensors.Tensor in
        guard let tensor = try TensorObject.tensor(from: field.value) else {
          throw call.fail("'\(field.name)' is \(field.value.kindName), not a tensor", argument: "what")
        }
        return tensor.fileTensor(named: field.name)
      }
      try Safetensors.write(tensors, to: path)
    default: throw call.mismatch("what", expected: "a model, a claim, a tensor or a record of tensors")
    }
  }

  static func load(_ path: String, into network: Network?) throws -> Value {
    let file = try Safetensors.File(path: path)
    if var network {
      try network.takeTensors(from: file)
      return .object(ModelObject(network))
    }
    if Claim.isClaim(file) { return .object(ClaimObject(claim: try Claim(file))) }
    if let text = file.metadata[Network.metadataKey] {
      var network = try Network(architectureText: text, layers: .complete)
      try network.takeTensors(from: file)
      return .object(ModelObject(network))
    }
    return .record(
      try Record(
        file.names.map { name in
          Record.Field(name: name, value: .object(TensorObject(try Tensor(named: name, in: file))))
        }))
  }
}
