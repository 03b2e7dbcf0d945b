import Foundation

/// A script that trains for a fraction of a second and leaves its weights, with all that makes training hard to repeat:
/// two branches in turn, triggers, augmentation, dropout and Adam.
struct TrainingScript {
  var epochs = 3
  var samples = 512
  /// More arguments of `train`.
  var settings = "branches: \"alternate\", optimizer: adam(0.002)"
  /// Lines behind the training.
  var ending = ""

  static let model = """
    data = fashion()
    model small(width) on [1, 28, 28] {
      conv(width, 5, stride: 3) |> norm(passport: true) |> relu
      conv(2 * width, 3, stride: 2) |> norm(passport: true) |> relu |> dropout(0.1)
      flatten
      dense(10)
    }
    net = small(16)
    owner = passport("me", seed: 42)
    marks = triggers(patterns(count: 20, size: 28, channels: 1, seed: 3), count: 20, seed: 5)

    """

  var text: String {
    Self.model + """
      print("begun")
      log = train(net, augment(data.train |> take(\(samples))), epochs: \(epochs), passport: owner,
                triggers: marks, \(settings))
      print(log)
      print(log.loss, log.sign_loss, log.stopped)
      \(ending)

      """
  }

  /// Runs it in the folder; weights and claim land there.
  func run(in folder: TemporaryFolder, _ arguments: [String] = []) throws -> Tool.Result {
    var script = self
    script.ending += """

      save(net, "\(folder.path)/weights.safetensors")
      save(log.claim, "\(folder.path)/claim.safetensors")
      """
    let path = try folder.file("script.pass", script.text)
    return try Tool.run(["run", path] + arguments)
  }
}

extension TemporaryFolder {
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
}
