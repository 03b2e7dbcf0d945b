import Datasets
import Files
import Language
import Networks
import Ownership
import Passports
import Tensors

/// Natives that make, change, show and keep models.
let modelNatives: [Native] = [
  Native(
    "protect", area: "models",
    [
      netParameter,
      .init(
        "layers", "text or list", default: "\"all\"",
        "names (layer4 is all of layer4.*), numbers (4 is features.4) or \"all\""),
      .init(
        "scheme", "text", default: "\"passport-aware\"",
        "or \"deepipr-v1\", \"deepipr-v2\", \"deepipr-v3\": DeepIPR's passport layers"),
      statisticsParameter, blockParameter, .init("seed", "number", default: "none", "of the FC blocks; the session's seed if none"),
    ],
    summary: "A copy with a passport-aware branch beside the normalisation of these layers.",
    example: "protect(alexnet(10), layers: [4, 5, 6])"
  ) { call in
    let seed = try call.weightSeed()
    return .object(
      ModelObject(
        try call.network("net").protecting(call.layerSelection(), seed: seed, form: call.passportForm())))
  },
  Native(
    "release", area: "models",
    [
      netParameter,
      .init(
        "passport", "passport", default: "none",
        "DeepIPR V1 only: the owner's, whose scales and shifts are written into the copy"),
    ],
    summary: "What leaves the house: a copy with the passport-free branch only, an ordinary network.",
    example: "release(alexnet(10, passport: true))"
  ) { call in
    let network = try call.network("net")
    guard !network.hasFreeBranch,
      let owner = try call.optionalObject("passport", as: PassportObject.self, called: "a passport")
    else { return .object(ModelObject(try network.released())) }
    return .object(ModelObject(try network.released(passports: owner.passport.issue(for: network))))
  },
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
      .init("what", "model, claim, triggers, tensor, record, figure or table", "what to keep"),
      .init("path", "text", "the file, usually *.safetensors; *.svg or *.png for a figure, *.csv for a table"),
    ],
    summary: "Writes a model, a claim, triggers, tensors (safetensors), a figure or a table (CSV) to a file.",
    example: "fn keep(net) { save(net, \"net.safetensors\") }"
  ) { call in
    try EngineFile.save(call.value("what"), to: call.text("path"), call)
    call.session.noteWritten(try call.text("path"))
    return .none
  },
  Native(
    "load", area: "models",
    [
      .init("path", "text", "a safetensors file, or a commitment"),
      .init("into", "model", default: "none", "for files of other tools: the model whose tensors it holds"),
    ],
    summary: "Reads what `save` wrote, or another tool's safetensors file as a record or into a model.",
    example: "fn fetch(path) { load(path) }"
  ) { call in
    try EngineFile.load(call.text("path"), into: call.isGiven("into") ? call.network("into") : nil)
  },
]

let netParameter = Native.Parameter("net", "model", "the model")

extension NativeCall {
  func network(_ label: String) throws -> Network {
    try object(label, as: ModelObject.self, called: "a model").network
  }

  /// The seed of a model's weights: the session's where none is given, so that twins start alike.
  func weightSeed() throws -> UInt64 { isGiven("seed") ? try randomSeed() : session.seed }
}

extension Session {
  /// Says at the prompt that a file is there.
  func noteWritten(_ path: String) {
    if options.echo == .prompt { output.note("wrote \(path)") }
  }
}

/// Models, claims and tensors in safetensors files.
enum EngineFile {
  static func save(_ value: Value, to path: String, _ call: NativeCall) throws {
    if let format = FigureFile(path: path) {
      guard let figure = value.figure else {
        throw call.fail(
          "\(value.kindName) is no figure, and *.\(format.rawValue) holds one", argument: "what",
          help: "draw it first: plot, histogram, bars, scatter, grid, cloud; or name a *.safetensors file")
      }
      return try format.write(figure, to: path)
    }
    if path.lowercased().hasSuffix(".csv") {
      guard case .object(let table as Table) = value else {
        throw call.fail("\(value.kindName) is no table, and *.csv holds one", argument: "what")
      }
      return try AtomicFile.write(Array(table.csv.utf8), to: path)
    }
    switch value {
    case .object(is Table):
      throw call.fail("a table is saved as *.csv, not as \(path.quoted)", argument: "path")
    case .object(is FigureObject):
      throw call.fail("a figure is saved as *.svg or *.png, not as \(path.quoted)", argument: "path")
    case .object(let model as ModelObject): try model.network.save(to: path)
    case .object(let object as ClaimObject): try object.claim.save(to: path)
    case .object(let object as CommitmentObject): try object.commitment.save(to: path)
    case .object(let object as TriggersObject): try object.triggers.save(to: path)
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
    default:
      throw call.mismatch(
        "what", expected: "a model, a claim, triggers, a tensor, a record of tensors, a figure or a table")
    }
  }

  static func load(_ path: String, into network: Network?) throws -> Value {
    if Commitment.isCommitment(path) { return .object(CommitmentObject(commitment: try Commitment(path: path))) }
    let file = try Safetensors.File(path: path)
    if var network {
      try network.takeTensors(from: file)
      return .object(ModelObject(network))
    }
    if TriggerSet.isTriggerSet(file) { return .object(TriggersObject(triggers: try TriggerSet(file))) }
    if Claim.isClaim(file) { return .object(ClaimObject(claim: try Claim(file))) }
    if file.metadata[Network.metadataKey] != nil {
      return .object(ModelObject(try Network(file, layers: .complete)))
    }
    return .record(
      try Record(
        file.names.map { name in
          Record.Field(name: name, value: .object(TensorObject(try Tensor(named: name, in: file))))
        }))
  }
}
