import Datasets

/// Natives that load data sets of pictures.
let pictureNatives: [Native] = [
  Native(
    "caltech", area: "data",
    [
      .init("path", "text", "a folder with a folder of PNG or JPEG files for each class, such as 101_ObjectCategories"),
      .init("size", "number", default: "32", "side of the square that each picture becomes"),
      .init("fit", "text", default: "\"resize\"", "\"resize\" takes the whole, \"crop\" the centre without resizing"),
      .init("channels", "number", default: "3", "3 for colour, 1 for grey"),
      .init("train", "number", default: "80%", "the share of each class that is for training"),
      .init("seed", "number", default: "none", "of a random split; without one the first by name are for training"),
      .init("raw", "true or false", default: "false", "values 0 to 1 instead of normalised ones"),
    ],
    summary: "Pictures in a folder for each class, without BACKGROUND_Google, as {train, test, classes, provenance}.",
    example: "fn load(folder) { caltech(folder, train: 80%) }"
  ) { call in
    let fit = try call.choice("fit", of: ["resize", "crop"], default: "resize")
    return try PictureDataset.load(
      call.text("path"), size: call.integer("size", in: 1...4096, default: 32),
      channels: call.integer("channels", default: 3), fitting: fit == "crop" ? .crop : .resize,
      share: call.number("train", default: 0.8), seed: call.isGiven("seed") ? call.randomSeed() : nil,
      progress: { done, total in try call.loadingProgress(of: "pictures", done: done, total: total) }
    ).value(isRaw: call.boolean("raw", default: false))
  }
]
