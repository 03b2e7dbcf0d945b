import Language
import Networks
import Passports

/// Natives that make the paper's networks.
let zooNatives: [Native] = [
  Native(
    "alexnet", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("input", "list", default: "[3, 32, 32]", "the shape of one image"),
      .init("kind", "text", default: "\"batch\"", normalizationKinds),
      .init("widths", "list", default: "[64, 192, 384, 256, 256]", "channels of its five convolutions"),
      .init("passport", "true or false", default: "false", "protects all five layers"),
      statisticsParameter, blockParameter,
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's AlexNet for small images: five normalised convolutions and one dense layer.",
    example: "alexnet(10)"
  ) { call in
    let seed = try call.weightSeed()
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
      .init("kind", "text", default: "\"batch\"", normalizationKinds),
      .init("widths", "list", default: "[64, 128, 256, 512]", "channels of its four stages"),
      .init(
        "relu", "text", default: "\"passport\"",
        "\"passport\": after every convolution, as the paper's protected net; \"plain\": not right before a sum"),
      .init("passport", "true or false", default: "false", "protects all twenty convolutions"),
      statisticsParameter, blockParameter,
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's ResNet-18 for small images: twenty normalised convolutions and one dense layer.",
    example: "resnet18(10, widths: [16, 16, 32, 32])"
  ) { call in
    let relus = try call.choice("relu", of: ResNet18.ReluPlacement.allCases.map(\.rawValue), default: "passport")
    let seed = try call.weightSeed()
    return try zooModel(
      call, ResNet18.make(
        classes: call.integer("classes", in: 2...), input: call.isGiven("input") ? call.integers("input") : [3, 32, 32],
        normalization: call.normalizationKind(), widths: call.isGiven("widths") ? call.integers("widths") : nil,
        relus: ResNet18.ReluPlacement(rawValue: relus) ?? .passport, seed: seed), seed: seed)
  },
  vgg(
    .eleven, "VGG-11 (configuration A) for small images: eight normalised convolutions and one dense layer.",
    widths: "[64, 128, 256, 256, 512, 512, 512, 512]",
    example: "vgg11(10, widths: [16, 16, 32, 32, 64, 64, 64, 64])"),
  vgg(
    .sixteen, "VGG-16 (configuration D) for small images: thirteen normalised convolutions and one dense layer.",
    widths: "[64, 64, 128, 128, 256, ...]", example: "vgg16(10, widths: [16 for i in 1..13])"),
  Native(
    "pointnet", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("points", "number", default: "1024", "points of one cloud"),
      .init("kind", "text", default: "\"batch\"", normalizationKinds),
      .init(
        "widths", "list", default: "[64, 128, 1024, 512, 256]",
        "channels of its three convolutions and two dense layers, and of its T-Nets'"),
      .init("dropout", "number", default: "40%", "share that is zeroed behind the second dense layer while training"),
      .init(
        "regularizer", "text", default: "\"orthogonal\"",
        "of the second transform M: \"orthogonal\" is |M Mt - I|, \"released\" |M (Mt - I)|, \"none\""),
      .init("passport", "true or false", default: "false", "protects its six layers; the last needs 8 classes"),
      statisticsParameter, blockParameter,
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: "The paper's PointNet for clouds [3, points]: two T-Nets, three convolutions, three dense layers.",
    example: "pointnet(10, points: 256, widths: [16, 24, 128, 64, 32])"
  ) { call in
    let regularizer = try call.choice("regularizer", of: ["orthogonal", "released", "none"], default: "orthogonal")
    let seed = try call.weightSeed()
    return try zooModel(
      call, PointNet.make(
        classes: call.integer("classes", in: 2...), points: call.integer("points", in: 1..., default: PointNet.points),
        normalization: call.normalizationKind(), widths: call.isGiven("widths") ? call.integers("widths") : nil,
        dropout: call.isGiven("dropout") ? Float(call.number("dropout")) : PointNet.dropout,
        regularizer: TransformLayer.Regularizer(rawValue: regularizer), seed: seed),
      seed: seed)
  },
]

/// What `kind:` says of a network's normalisations.
private let normalizationKinds = "of its normalisations: \"batch\", \"group\", \"instance\" or \"layer\""

private func vgg(_ depth: VGG.Depth, _ summary: String, widths: String, example: String) -> Native {
  Native(
    "vgg\(depth.rawValue)", area: "models",
    [
      .init("classes", "number", "how many it tells apart"),
      .init("input", "list", default: "[3, 32, 32]", "the shape of one image; its sides are at least 32"),
      .init("kind", "text", default: "\"batch\"", normalizationKinds),
      .init("widths", "list", default: widths, "channels of its convolutions"),
      .init("passport", "true or false", default: "false", "protects all its convolutions"),
      .init("seed", "number", default: "none", "of the weights; the session's seed if none"),
    ],
    summary: summary, example: example
  ) { call in
    let seed = try call.weightSeed()
    return try zooModel(
      call, VGG.make(
        depth, classes: call.integer("classes", in: 2...),
        input: call.isGiven("input") ? call.integers("input") : [3, 32, 32], normalization: call.normalizationKind(),
        widths: call.isGiven("widths") ? call.integers("widths") : nil, seed: seed), seed: seed)
  }
}

/// A network of the zoo as a value, protected in every layer if `passport: true` asks for it.
private func zooModel(
  _ call: NativeCall, _ network: Network, seed: UInt64
) throws -> Value {
  guard try call.boolean("passport", default: false) else { return .object(ModelObject(network)) }
  return .object(ModelObject(try network.protecting(.all, seed: seed, form: call.passportForm())))
}
