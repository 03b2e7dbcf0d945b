import Datasets

/// Triggers as the JSON that a service takes.
struct Instances {
  private let triggers: TriggerSet
  private let layout: PredictionService.Layout
  private let values: PredictionService.Values
  /// The axes of a sample as they are nested in the JSON, outermost first.
  private let extents: [Int]
  /// How far apart neighbours along each of these axes lie.
  private let strides: [Int]

  init(_ triggers: TriggerSet, layout: PredictionService.Layout, values: PredictionService.Values) throws {
    self.triggers = triggers
    self.layout = layout
    self.values = values
    // Samples lie as [channels, height, width] and, as networks take them, [3, points].
    let shape =
      switch triggers.content {
      case .images(let images): images.shape
      case .clouds(let clouds): [3, clouds.pointCount]
      }
    var steps = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * shape[axis + 1] }
    let isLast = layout == .channelsLast
    extents = isLast ? Array(shape.dropFirst()) + [shape[0]] : shape
    strides = isLast ? Array(steps.dropFirst()) + [steps[0]] : steps
  }

  /// More bytes than one sample ever takes: a number has at most 16 characters, with its comma and bracket.
  var mostBytes: Int { extents.reduce(18, *) }

  /// {"instances": […]} with the samples at some positions.
  func request(_ positions: Range<Int>) throws -> [UInt8] {
    let count = extents.reduce(1, *)
    var text = Array("{\"instances\":[".utf8)
    let numbers = try self.numbers(positions)
    for sample in positions.indices.map({ $0 - positions.lowerBound }) {
      if sample > 0 { text.append(UInt8(ascii: ",")) }
      write(numbers, at: sample * count, axis: 0, to: &text)
    }
    text += Array("]}".utf8)
    return text
  }

  private func write(_ numbers: [Float], at start: Int, axis: Int, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "["))
    for index in 0..<extents[axis] {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      let place = start + index * strides[axis]
      if axis + 1 < extents.count {
        write(numbers, at: place, axis: axis + 1, to: &text)
      } else {
        let number = numbers[place]
        let whole = Int32(exactly: number)
        text += whole.map { $0.description.utf8 }.map(Array.init) ?? Array(number.description.utf8)
      }
    }
    text.append(UInt8(ascii: "]"))
  }

  /// The samples one after another, as networks take them.
  private func numbers(_ positions: Range<Int>) throws -> [Float] {
    let count = positions.count * extents.reduce(1, *)
    let numbers = try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let start = buffer.baseAddress else { return }
      switch triggers.content {
      case .images(let images): try images.fill(positions, into: start, raw: values != .normalised)
      case .clouds(let clouds): try clouds.fill(positions, into: start)
      }
      filled = count
    }
    guard numbers.allSatisfy(\.isFinite) else {
      throw DatasetError.request("a trigger holds something else than numbers, which JSON cannot say")
    }
    guard values == .bytes, triggers.images != nil else { return numbers }
    return numbers.map { ($0 * 255).rounded() }
  }
}
