import Datasets
import Language

/// Natives that load and make clouds of points.
let cloudNatives: [Native] = [
  Native(
    "modelnet", area: "data",
    [.init("path", "text", "folder or .zip: OFF, modelnet40_normal_resampled, modelnet40_ply_hdf5_2048, or .npy")]
      + samplingParameters + [.init("classes", "number", default: "none", "10 or 40, where lists of both are there")],
    summary: "ModelNet10 or ModelNet40 in any layout in use, as {train, test, classes, provenance}.",
    example: "fn load(folder) { modelnet(folder, points: 1024) }"
  ) { call in
    let (path, sampling) = (try call.text("path"), try call.sampling())
    let classes = call.isGiven("classes") ? try call.integer("classes") : nil
    return try call.cached(path, "modelnet \(classes ?? 0), \(sampling)") {
      try ModelNet.load(
        path, sampling: sampling, classes: classes, hdf5: call.session.options.hdf5Reader,
        progress: call.loadingProgress)
    }.value()
  },
  Native(
    "shapenet", area: "data",
    [.init("path", "text", "folder or .zip: ShapeNetPart v0, v0_normal or hdf5_data, ShapeNetCore, or .npy")]
      + samplingParameters,
    summary: "ShapeNetPart or ShapeNetCore, as {train, test, classes, provenance}.",
    example: "fn load(folder) { shapenet(folder, points: 1024) }"
  ) { call in
    let (path, sampling) = (try call.text("path"), try call.sampling())
    return try call.cached(path, "shapenet, \(sampling)") {
      try ShapeNet.load(
        path, sampling: sampling, hdf5: call.session.options.hdf5Reader, progress: call.loadingProgress)
    }.value()
  },
  Native(
    "clouds", area: "data",
    [.init("folder", "text", ".off, .obj, .txt, .pts, .xyz or .npy files, or a folder of them for each class")]
      + samplingParameters + [
        .init("normalize", "true or false", default: "true", "each moved to its centre and scaled to the unit sphere"),
        .init("up", "text", default: "\"y\"", "the axis away from the ground, \"y\" or \"z\""),
      ],
    summary: "Clouds and meshes from a folder as one split, sorted by name.",
    example: "fn shapes(folder) { clouds(folder, points: 256, sampling: \"farthest\") }"
  ) { call in
    let (path, sampling) = (try call.text("folder"), try call.sampling())
    let normalises = try call.boolean("normalize", default: true)
    let up: UpAxis = try call.choice("up", of: ["y", "z"], default: "y") == "y" ? .y : .z
    let contents = try call.cached(path, "clouds \(normalises) \(up), \(sampling)") {
      try CloudFolder.load(
        path, sampling: sampling, normalises: normalises, up: up, progress: call.loadingProgress)
    }
    for note in contents.notes { call.session.output.note(note) }
    return .object(CloudsObject(clouds: contents.clouds, provenance: contents.provenance))
  },
  Native(
    "furniture", area: "data",
    [
      .init("points", "number", default: "1024", "points of a cloud, at most 1,024"),
      .init("fold", "number", default: "1", "which fold is the test set"),
      .init("folds", "number", default: "5", "into how many the shapes are divided, 2 to 10"),
      .init("seed", "number", default: "0", "of the division; folds of one seed are disjoint"),
    ],
    summary: "The embedded real clouds: household things modelled by people in 14 classes (CC-BY 3.0, CC0), in folds.",
    example: "furniture(points: 64, fold: 2).test"
  ) { call in
    try Furniture.load(
      points: call.integer("points", default: Furniture.points), fold: call.integer("fold", default: 1),
      folds: call.integer("folds", default: 5), seed: call.isGiven("seed") ? call.randomSeed() : 0
    ).value()
  },
  Native(
    "solids", area: "data",
    [
      .init("train", "number", default: "800", "clouds to train on"),
      .init("test", "number", default: "200", "clouds to test with"),
      .init("points", "number", default: "256", "points of a cloud"),
      .init("seed", "number", default: "none", "of all measures and points"),
    ],
    summary: "Clouds of ten kinds of things, made from a seed: the 3D data that needs no download.",
    example: "solids(train: 20, test: 10, points: 32, seed: 1).test"
  ) { call in
    try Solids.make(
      train: call.integer("train", in: 1...100_000, default: 800),
      test: call.integer("test", in: 1...100_000, default: 200),
      points: call.integer("points", in: 1...PointSet.mostPoints, default: 256), seed: call.randomSeed(),
      poll: call.session.checkInterrupt
    ).value()
  },
]

private let samplingParameters: [Native.Parameter] = [
  .init("points", "number", default: "1024", "points of a cloud"),
  .init("sampling", "text", default: "\"first\"", "\"first\" points of a file, \"random\" or \"farthest\" ones"),
  .init("seed", "number", default: "none", "of points on meshes and of random choices"),
]

extension NativeCall {
  fileprivate func sampling() throws -> Sampling {
    let method = try choice("sampling", of: Sampling.Method.allCases.map(\.rawValue), default: "first")
    return try Sampling(
      points: integer("points", in: 1...PointSet.mostPoints, default: 1024),
      method: Sampling.Method(rawValue: method) ?? .first, seed: randomSeed())
  }

  /// Clouds from the session's cache, or read and kept there; `options` is all that decides them beside the files.
  fileprivate func cached<Result: CachedClouds>(
    _ path: String, _ options: String, make: () throws -> Result
  ) throws -> Result {
    guard let cache = session.options.cloudCache else { return try make() }
    return try cache.load(
      path, options: options, warn: { session.output.report(Diagnostic(.warning, "\(native.name): \($0)")) },
      poll: session.checkInterrupt, make: make)
  }

  /// Shows how far the reading has come, where it takes long; Ctrl-C ends it.
  fileprivate func loadingProgress(done: Int, total: Int) throws {
    try loadingProgress(of: "clouds", done: done, total: total)
  }

  /// The same for other things than clouds.
  func loadingProgress(of things: String, done: Int, total: Int) throws {
    try session.checkInterrupt()
    guard total >= 1000, !session.options.isQuiet else { return }
    session.output.progress(
      ProgressReport("reading \(things)", completed: done, total: total, isMilestone: done == total))
  }

  /// What `augment` was asked to do with clouds; the released code's where nothing is said.
  func pointAugmentation() throws -> PointAugmentation {
    var augmentation = PointAugmentation.released
    if isGiven("dropout") { augmentation.dropout = Float(try number("dropout", in: 0...1)) }
    if isGiven("scale") {
      let bounds = try numbers("scale")
      guard bounds.count == 2, bounds[0] > 0, bounds[0] <= bounds[1], bounds[1] <= 1000 else {
        throw fail("'scale' is two numbers above 0, the smaller first, such as [0.8, 1.25]", argument: "scale")
      }
      augmentation.scale = Float(bounds[0])...Float(bounds[1])
    }
    if isGiven("shift") { augmentation.shift = Float(try number("shift", in: 0...1000)) }
    if isGiven("jitter") { augmentation.jitter = Float(try number("jitter", in: 0...1000)) }
    augmentation.rotates = try boolean("rotate", default: false)
    return augmentation
  }
}
