// swift-tools-version: 6.0
import PackageDescription

// One target is one room of the house; README.md shows the page. Arrows run downwards only.
let package = Package(
  name: "passbook",
  products: [.executable(name: "passbook", targets: ["passbook"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // The tool: commands, one file each.
    .executableTarget(
      name: "passbook",
      dependencies: [
        "Terminal", "Notebook", "Runtime", "Figures", "Benchmarks", "Ownership", "Services", "Training", "Passports",
        "Networks", "Datasets", "Keys", "HDF5", "Files", "Tensors", "Kernels", "Language",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Line editing, completion, colours, progress.
    .target(name: "Terminal", dependencies: ["CReadline", "Figures", "Language"], exclude: ["README.md"]),
    // Cells and their recorded outputs: record, replay, comparison, lessons, export.
    .target(name: "Notebook", dependencies: ["Language", "Files"], exclude: ["README.md"]),
    // What is measured to say how fast it is.
    .target(
      name: "Benchmarks",
      dependencies: ["Ownership", "Training", "Execution", "Passports", "Networks", "Files", "Tensors", "Kernels"],
      exclude: ["README.md"]),
    // Values, evaluator, session, and the table of natives that binds the engine to the language.
    .target(
      name: "Runtime",
      dependencies: [
        "Language", "Figures", "Attacks", "Ownership", "Timestamps", "Services", "Training", "Execution", "Passports",
        "Networks", "Datasets", "Keys", "HDF5", "Files", "Tensors",
      ],
      exclude: ["README.md"]),
    // Source, lexer, parser, syntax tree, resolver, diagnostics. Knows nothing of tensors.
    .target(name: "Language", exclude: ["README.md"]),
    // Pictures as data, written as SVG, PNG and text.
    .target(name: "Figures", dependencies: ["CPictures"], exclude: ["README.md"]),
    // One file an attack.
    .target(
      name: "Attacks",
      dependencies: ["Ownership", "Training", "Execution", "Passports", "Networks", "Datasets", "Tensors"],
      exclude: ["README.md"]),
    // Verification and its statistics.
    .target(
      name: "Ownership",
      dependencies: [
        "Training", "Execution", "Passports", "Networks", "Datasets", "Keys", "Timestamps", "Files", "Tensors",
      ],
      exclude: ["README.md"]),
    // The loop, the objective, optimisers, schedules, checkpoints.
    .target(
      name: "Training", dependencies: ["Execution", "Passports", "Networks", "Datasets", "Files", "Tensors"],
      exclude: ["README.md"]),
    // Passport, signature, passport-aware normalisation, protect / release / attach.
    .target(
      name: "Passports", dependencies: ["Keys", "Networks", "Files", "Tensors"], exclude: ["README.md"]),
    // How a network runs fast: layers fused, branches side by side, memory planned.
    .target(name: "Execution", dependencies: ["Networks", "Tensors", "Kernels"], exclude: ["README.md"]),
    // Layers, stages (symbolic shapes), models, the zoo, model files.
    .target(name: "Networks", dependencies: ["Tensors", "Files"], exclude: ["README.md"]),
    // One file a format, augmentation, triggers, the embedded set.
    .target(
      name: "Datasets", dependencies: ["HDF5", "Files", "Tensors", "CArchive", "CPictures"],
      exclude: ["README.md"], resources: [.copy("Resources/fashion"), .copy("Resources/furniture")]),
    // Outside dates: RFC 3161 requests and replies, checked without a network.
    .target(name: "Timestamps", dependencies: ["Files", "COpenSSL"], exclude: ["README.md"]),
    // A client of services that answer with predictions.
    .target(name: "Services", dependencies: ["Datasets", "Files", "Tensors"], exclude: ["README.md"]),
    // HDF5 files, read in a process of its own.
    .target(name: "HDF5", dependencies: ["CHDF5"], exclude: ["README.md"]),
    // Secrets in sealed files, and what is derived from them: identities, passports, signature bits.
    .target(name: "Keys", dependencies: ["Files", "CSodium"], exclude: ["README.md"]),
    // Safetensors, atomic writing, checksums.
    .target(name: "Files", dependencies: ["CSodium"], exclude: ["README.md"]),
    // Shape, storage, operations, automatic differentiation, random streams.
    .target(name: "Tensors", dependencies: ["Kernels"], exclude: ["README.md"]),
    // The hot loops behind Tensors, and the pool of threads that runs them.
    .target(name: "Kernels", dependencies: ["CKernels", "COpenBLAS"], exclude: ["README.md"]),
    .target(name: "CKernels"),
    // System libraries: no logic of ours beyond a shim.
    .systemLibrary(name: "COpenBLAS"),
    .systemLibrary(name: "CArchive"),
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "COpenSSL"),
    .target(name: "CPictures", linkerSettings: [.linkedLibrary("turbojpeg"), .linkedLibrary("png")]),
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("hdf5_serial")]),
    .target(name: "CReadline", linkerSettings: [.linkedLibrary("readline")]),

    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "KeysTests", dependencies: ["Keys", "Files"], resources: [.copy("Fixtures")]),
    .testTarget(name: "TimestampsTests", dependencies: ["Timestamps", "Files"], resources: [.copy("Fixtures")]),
    .testTarget(name: "ServicesTests", dependencies: ["Services", "Datasets", "Files"]),
    .testTarget(name: "HDF5Tests", dependencies: ["HDF5"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "HDF5", "Files", "Tensors", "CArchive"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "Files", "Tensors"]),
    .testTarget(
      name: "ExecutionTests", dependencies: ["Execution", "Passports", "Networks", "Tensors", "Kernels"]),
    .testTarget(
      name: "PassportsTests",
      dependencies: ["Passports", "Training", "Execution", "Networks", "Files", "Tensors"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Execution", "Passports", "Networks", "Datasets", "Keys", "Files", "Tensors"]),
    .testTarget(
      name: "OwnershipTests",
      dependencies: [
        "Ownership", "Attacks", "Training", "Execution", "Passports", "Networks", "Datasets", "Keys", "Files", "Tensors",
      ],
      resources: [.copy("Golden")]),
    .testTarget(name: "LanguageTests", dependencies: ["Language"]),
    .testTarget(
      name: "RuntimeTests",
      dependencies: ["Runtime", "Figures", "Passports", "Networks", "Files", "Tensors", "Language"]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "CPictures"]),
    .testTarget(name: "NotebookTests", dependencies: ["Notebook", "Files", "Language"]),
    .testTarget(name: "ToolTests", dependencies: ["Terminal", "Runtime", "Notebook", "Figures", "Language"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11
)
