import Language
import Networks
import Passports
import Tensors

/// Layers: on a stage they append to the model that is being composed, on a tensor they compute.
let layerNatives: [Native] = [
  Native(
    "input", area: "layers",
    [.init("shape", "list", "the shape of one sample: [channels, height, width], or [values]")],
    summary: "The first stage of a model; a `model` declaration makes it from `on`.",
    example: "input([3, 32, 32]) |> conv(16, 3)"
  ) { call in
    try EngineComposition().inputStage(call.value("shape"))
  },
  Native(
    "model_of", area: "layers",
    [
      .init("stage", "stage", "the last stage of the model"), .init("name", "text", default: "\"model\"", "its name"),
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "Ends a composition that began with input(...), as a `model` declaration does.",
    example: "input([4]) |> dense(2) |> model_of(\"tiny\")"
  ) { call in
    let seed = call.isGiven("seed") ? try call.randomSeed() : call.session.seed
    return try EngineComposition().finish(call.value("stage"), name: call.text("name", default: "model"), seed: seed)
  },
  Native(
    "conv", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads"), .init("channels", "number", "channels that it makes"),
      .init("kernel", "number", "side of its square kernel"),
      .init("stride", "number", default: "1", "step of the kernel"),
      .init("padding", "number", default: "kernel / 2", "zeros around the input"),
      .init("bias", "true or false", default: "false", "adds a learned number per channel"),
      .init("groups", "number", default: "1", "groups of channels that are kept apart"),
      .init("init", "text", default: "\"kaiming_fan_out\"", "\"kaiming_fan_out\", \"kaiming_fan_in\" or \"uniform\""),
      .init("weight", "tensor", default: "none", "on a tensor: the weights to use, [out, in, kernel, kernel]"),
    ],
    summary: "Two-dimensional convolution over [channels, height, width].", example: "input([3, 32, 32]) |> conv(16, 3)"
  ) { call in
    let kernel = try call.integer("kernel", in: 1...)
    if let weight = try call.optionalObject("weight", as: TensorObject.self, called: "a tensor")?.tensor,
      let x = try TensorObject.tensor(from: call.value("x"))
    {
      return .object(
        TensorObject(
          try x.convolution(
            weight: weight, stride: call.integer("stride", default: 1),
            padding: call.integer("padding", default: kernel / 2), groups: call.integer("groups", default: 1))))
    }
    return try call.append(
      ConvolutionLayer(
        channels: call.integer("channels", in: 1...), kernel: kernel,
        stride: call.integer("stride", in: 1..., default: 1),
        padding: call.integer("padding", in: 0..., default: kernel / 2), hasBias: call.boolean("bias", default: false),
        groups: call.integer("groups", in: 1..., default: 1),
        initialization: call.initialization(default: .kaimingFanOut)))
  },
  Native(
    "conv1d", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads, [channels, points]"),
      .init("channels", "number", "channels that it makes"),
      .init("bias", "true or false", default: "false", "adds a learned number per channel"),
      .init("init", "text", default: "\"kaiming_fan_out\"", "\"kaiming_fan_out\", \"kaiming_fan_in\" or \"uniform\""),
      .init("weight", "tensor", default: "none", "on a tensor: the weights to use, [out, in, 1]"),
    ],
    summary: "One dense layer for every point of a cloud: a one-dimensional convolution with a kernel of 1.",
    example: "input([3, 1024]) |> conv1d(64)"
  ) { call in
    if let weight = try call.optionalObject("weight", as: TensorObject.self, called: "a tensor")?.tensor,
      let x = try TensorObject.tensor(from: call.value("x"))
    {
      return .object(TensorObject(try x.pointwiseConvolution(weight: weight)))
    }
    return try call.append(
      Conv1dLayer(
        channels: call.integer("channels", in: 1...), hasBias: call.boolean("bias", default: false),
        initialization: call.initialization(default: .kaimingFanOut)))
  },
  Native(
    "tnet", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads, [channels, points]"),
      .init("widths", "list", default: "[64, 128, 1024, 512, 256]", "of its three convolutions and two dense layers"),
      .init("kind", "text", default: "\"batch\"", "of its normalisations: \"batch\" or \"group\""),
      .init("regularize", "true or false", default: "false", "pulls the matrix towards an orthogonal one in training"),
      .init(
        "passport", "true or false", default: "false",
        "gives the passport-aware branch batch normalisations of its own"),
    ],
    summary: "PointNet's T-Net: maps the channels of each cloud by a matrix that a small network makes of it.",
    example: "input([3, 1024]) |> tnet(widths: [16, 16, 32, 16, 16]) |> conv1d(64)"
  ) { call in
    let net = TransformNet(
      widths: call.isGiven("widths") ? try call.integers("widths") : TransformNet.widths,
      normalization: try call.normalizationKind(), separatesBranches: try call.boolean("passport", default: false),
      regularizer: try call.boolean("regularize", default: false) ? .orthogonal : nil)
    return try call.append { try net.append(to: $0) }
  },
  Native(
    "dense", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads"), .init("width", "number", "values that it makes"),
      .init("bias", "true or false", default: "true", "adds a learned number per value"),
      .init("init", "text", default: "\"uniform\"", "\"uniform\", \"kaiming_fan_out\" or \"kaiming_fan_in\""),
      .init("weight", "tensor", default: "none", "on a tensor: the weights to use, [out, in]"),
    ],
    summary: "A fully connected layer on a vector.", example: "input([8]) |> dense(4)"
  ) { call in
    if let weight = try call.optionalObject("weight", as: TensorObject.self, called: "a tensor")?.tensor,
      let x = try TensorObject.tensor(from: call.value("x"))
    {
      return .object(TensorObject(try x.dense(weight: weight, bias: nil)))
    }
    return try call.append(
      DenseLayer(
        width: call.integer("width", in: 1...), hasBias: call.boolean("bias", default: true),
        initialization: call.initialization(default: .uniformFanIn)))
  },
  Native(
    "norm", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads"),
      .init(
        "kind", "text", default: "\"batch\"",
        "\"batch\", \"group\" (16 channels a group), \"instance\", \"layer\", or \"none\": scale and shift alone"),
      .init(
        "passport", "true or false", default: "false", "adds the passport-aware branch; right behind conv or dense"),
      statisticsParameter, blockParameter,
    ],
    summary: "Normalisation with a learned scale and shift; with a passport the layer that carries ownership.",
    example: "input([3, 32, 32]) |> conv(16, 3) |> norm(passport: true)"
  ) { call in
    let name = try call.choice("kind", of: NormalizationKind.allCases.map(\.rawValue), default: "batch")
    let kind = NormalizationKind(rawValue: name) ?? .batch
    guard try call.boolean("passport", default: false) else { return try call.append(NormalizationLayer(kind)) }
    guard case .object(let object as StageObject) = call.value("x") else {
      throw call.fail("a passport layer belongs into a model, not on a tensor", argument: "passport")
    }
    guard let path = object.stage.weightedPath else {
      throw call.fail(
        "a passport goes through the weights of the layer before it, and there is no conv (of one group) or dense",
        argument: "passport", help: "write conv(width, 3) |> norm(passport: true)")
    }
    try PassportNormalizationLayer.check(channels: object.stage.shape[0])
    return try call.append(PassportNormalizationLayer(kind, source: path, form: call.passportForm()))
  },
  simple("relu", "max(x, 0).", example: "relu(tensor([-1, 2]))", ReluLayer()) { try $0.relu() },
  Native(
    "leaky_relu", area: "layers",
    [.init("x", "stage or tensor", "what the layer reads"), .init("slope", "number", default: "0.01", "below zero")],
    summary: "x where positive, slope * x elsewhere.", example: "leaky_relu(tensor([-1, 2]), slope: 0.1)"
  ) { call in
    let slope = Float(try call.number("slope", default: 0.01))
    if let x = try TensorObject.tensor(from: call.value("x")) {
      return .object(TensorObject(try x.leakyRelu(slope: slope)))
    }
    return try call.append(LeakyReluLayer(slope: slope))
  },
  pooling("maxpool", "The largest value of each window.", example: "input([3, 32, 32]) |> maxpool(2)") {
    MaxPoolLayer($0)
  },
  pooling("avgpool", "The mean of each window.", example: "input([3, 32, 32]) |> avgpool(8)") { AveragePoolLayer($0) },
  simple(
    "globalmax", "The largest value of each channel.", example: "input([16, 8, 8]) |> globalmax",
    GlobalPoolLayer(takesMaximum: true)),
  simple(
    "globalavg", "The mean of each channel.", example: "input([16, 8, 8]) |> globalavg",
    GlobalPoolLayer(takesMaximum: false)),
  simple("flatten", "An image as one vector.", example: "input([16, 4, 4]) |> flatten", FlattenLayer()),
  Native(
    "dropout", area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads"),
      .init("rate", "number", "share that is zeroed while training"),
    ],
    summary: "Zeroes a share of the values while training, and does nothing otherwise.",
    example: "input([128]) |> dropout(40%)"
  ) { call in
    try call.append(DropoutLayer(rate: Float(call.number("rate"))))
  },
  Native(
    "add", area: "layers",
    [.init("here", "stage or tensor", "one summand"), .init("x", "stage or tensor", "the other, of the same shape")],
    summary: "The sum of two stages, as at the end of a residual block.",
    example: "fn residual(x) { x |> conv(16, 3) |> norm() |> add(x) }"
  ) { call in
    guard case .object(let here as StageObject) = call.value("here") else {
      return try Value.binary(.add, call.value("here"), call.value("x"))
    }
    let other = try call.object("x", as: StageObject.self, called: "a stage").stage
    return .object(StageObject(try here.stage.appending(AddLayer(), others: [other])))
  },
  Native(
    "concat", area: "layers",
    [
      .init("first", "stage, tensor or list", "the first part, or a list of all parts"),
      .init("axis", "number", default: "0", "tensors: the axis along which to join"),
    ], isVariadic: true,
    summary: "Stages side by side by channel, tensors along an axis, lists one after the other.",
    example: "concat([1, 2], [3])"
  ) { call in
    try concatenate(call)
  },
]

/// A layer without options.
private func simple(
  _ name: String, _ summary: String, example: String, _ layer: any Layer,
  compute: (@Sendable (Tensor) throws -> Tensor)? = nil
) -> Native {
  Native(
    name, area: "layers", [.init("x", "stage or tensor", "what the layer reads")], summary: summary, example: example
  ) {
    call in
    if let compute, let x = try TensorObject.tensor(from: call.value("x")) {
      return .object(TensorObject(try compute(x)))
    }
    return try call.append(layer)
  }
}

private func pooling(
  _ name: String, _ summary: String, example: String, _ make: @escaping @Sendable (PoolingWindow) -> any Layer
) -> Native {
  Native(
    name, area: "layers",
    [
      .init("x", "stage or tensor", "what the layer reads"), .init("kernel", "number", "side of the square window"),
      .init("stride", "number", default: "kernel", "step of the window"),
      .init("padding", "number", default: "0", "border around the input"),
    ], summary: summary, example: example
  ) { call in
    let kernel = try call.integer("kernel", in: 1...)
    return try call.append(
      make(
        PoolingWindow(
          kernel: kernel, stride: call.integer("stride", in: 1..., default: kernel),
          padding: call.integer("padding", in: 0..., default: 0))))
  }
}

private func concatenate(_ call: NativeCall) throws -> Value {
  var parts = [call.value("first")] + call.more
  if parts.count == 1, case .list(let list) = parts[0], case .object? = list.elements.first { parts = list.elements }
  if case .object(let first as StageObject)? = parts.first {
    let others = try parts.dropFirst().map { part -> Stage in
      guard case .object(let stage as StageObject) = part else {
        throw call.fail("stages are joined with stages, not with \(part.kindName)")
      }
      return stage.stage
    }
    return .object(StageObject(try first.stage.appending(ConcatenateLayer(), others: others)))
  }
  if parts.allSatisfy({ if case .list = $0 { true } else { false } }) {
    return try .list(parts.flatMap { try $0.elements() })
  }
  let tensors = try parts.map { part -> Tensor in
    guard let tensor = try TensorObject.tensor(from: part) else {
      throw call.fail("tensors are joined with tensors, not with \(part.kindName)")
    }
    return tensor
  }
  return .object(TensorObject(try Tensor.concatenated(tensors, axis: call.integer("axis", default: 0))))
}
