import Datasets

extension TriggerSet {
  /// The triggers as a network sees them, with their target labels.
  public var samples: any Samples {
    switch content {
    case .images(let images): images
    case .clouds(let clouds): CloudSamples(clouds)
    }
  }

  /// Whether training augments the triggers where it augments the samples: the released code does so with clouds, and
  /// leaves images as they are.
  var areAugmented: Bool { clouds != nil }

  /// The triggers with what augmentation does to the samples that they are trained beside.
  func samples(beside others: any Samples) -> any Samples {
    guard let clouds, let others = others as? CloudSamples else { return samples }
    return CloudSamples(clouds, augmentation: others.augmentation)
  }
}
