import Files
import Kernels
import Networks
import Tensors

/// The kernels that a step of the paper's networks spends its time in, each by itself, beside the machine's ceilings.
public struct KernelBenchmark {
  public let ceiling: MachineCeiling
  public private(set) var measurements: [Measurement] = []
  private let level: KernelLevel

  /// Images of a step's two branches, 64 samples and 2 triggers each.
  private static let images = 132
  /// Clouds of a step's two branches, 16 samples and 16 triggers each.
  private static let clouds = 64

  public init(level: KernelLevel = .preferred) throws {
    self.level = level
    ceiling = try MachineCeiling(level: level)
    for network in BenchmarkNetwork.allCases {
      var known: Set<ConvolutionGeometry> = []
      for geometry in try Self.convolutions(of: network) where known.insert(geometry).inserted {
        try measure(geometry, in: network)
      }
    }
    try measureNormalization(rows: Self.images / 2 * 32 * 32, width: 64)
    try measureCloudMaximum()
  }

  /// The geometries of a network's convolutions in order; a cloud is an image of one column. The widest of PointNet's
  /// are not computed as convolutions, but together with the maximum that follows them.
  private static func convolutions(of name: BenchmarkNetwork) throws -> [ConvolutionGeometry] {
    let network = try name.network(for: .none)
    return network.nodes.compactMap { node in
      let input = network.inputShapes(of: node)[0]
      switch node.layer {
      case let layer as ConvolutionLayer:
        return ConvolutionGeometry(
          batch: images, inputChannels: input[0], inputHeight: input[1], inputWidth: input[2],
          outputChannels: layer.channels, kernelHeight: layer.kernel, kernelWidth: layer.kernel, stride: layer.stride,
          padding: layer.padding)
      case let layer as Conv1dLayer where layer.channels < PointNet.widths[2]:
        return ConvolutionGeometry(
          batch: clouds, inputChannels: input[0], inputHeight: input[1], inputWidth: 1,
          outputChannels: layer.channels, kernelHeight: 1, kernelWidth: 1)
      default: return nil
      }
    }
  }

  private mutating func measure(_ g: ConvolutionGeometry, in network: BenchmarkNetwork) throws {
    let inputWidth = g.inputChannels < ChannelsLast.lanes ? g.inputChannels : ChannelsLast.width(g.inputChannels)
    let convolution = ImageConvolution(g, inputWidth: inputWidth, level: level)
    let outputs = g.batch * g.outputHeight * g.outputWidth
    let depth = g.inputChannels * g.kernelHeight * g.kernelWidth
    let x = try Block(g.batch * g.inputHeight * g.inputWidth * inputWidth)
    let y = try Block(outputs * ChannelsLast.width(g.outputChannels))
    let weight = try Block(g.outputChannels * depth), scratch = try Block(convolution.scratchCount)
    let stride = g.stride > 1 ? " / \(g.stride)" : ""
    let name = "\(network.rawValue) \(g.inputChannels) -> \(g.outputChannels), \(g.kernelHeight)x\(g.kernelWidth)"
      + "\(stride), \(g.inputHeight)x\(g.inputWidth)"
    let operations = 2 * Double(outputs) * Double(g.outputChannels) * Double(depth)
    measurements.append(Measurement("\(name): forward", .operations, work: operations) {
      convolution.forward(
        input: x.floats, weight: weight.floats, bias: nil, output: y.floats, scratch: scratch.floats)
    })
    measurements.append(Measurement("\(name): weight", .operations, work: operations) {
      convolution.backwardWeight(
        input: x.floats, outputGradient: y.floats, weightGradient: weight.floats, scratch: scratch.floats)
    })
    // The images that a network gets have no gradient.
    guard inputWidth >= ChannelsLast.lanes else { return }
    measurements.append(Measurement("\(name): input", .operations, work: operations) {
      convolution.backwardInput(
        outputGradient: y.floats, weight: weight.floats, inputGradient: x.floats, scratch: scratch.floats)
    })
  }

  /// The four passes of a batch normalisation with a ReLU over two branches, each of `rows` rows.
  private mutating func measureNormalization(rows: Int, width: Int) throws {
    let sets = RowSets(count: 2, rows: rows, width: width), form = RowNormalization.Form(relu: true)
    let elements = sets.count * rows * width
    let z = try Block(elements), y = try Block(elements), gradient = try Block(elements)
    let scratch = try Block(RowNormalization.scratchCount(sets, form: form))
    let (level, affines) = (level, [0, 0])
    func moments() -> RowMoments { RowNormalization.moments(sets, z.floats, scratch: scratch.floats, level: level) }
    let statistics = moments().statistics(channels: width, channelsPerGroup: 1, epsilon: 1e-5)
    let coefficients = statistics.affine(scale: nil, shift: nil, affines: affines)
    let multiply = try Tensor(coefficients.multiply, shape: [coefficients.multiply.count])
    let add = try Tensor(coefficients.add, shape: [coefficients.add.count])
    let mean = try Tensor(statistics.mean.map { Float($0) }, shape: [statistics.mean.count])
    multiply.read { multiply in
      add.read { add in
        mean.read { mean in
          let affine = RowNormalization.Affine(multiply: multiply, add: add)
          func sums() -> RowGradientSums {
            RowNormalization.gradientSums(
              sets, form: form, z.floats, affine, mean: mean, outputGradient: gradient.floats, scratch: scratch.floats,
              level: level)
          }
          let slopes = statistics.inputGradientCoefficients(sums(), scale: nil, affines: affines)
          func append(_ pass: String, arrays: Int, _ body: () -> Void) {
            let bytes = Double(arrays * elements * MemoryLayout<Float>.stride)
            measurements.append(Measurement(
              "normalisation [\(sets.count * rows), \(width)]: \(pass)", .bytes, work: bytes, body))
          }
          append("moments", arrays: 1) { _ = moments() }
          append("forward", arrays: 2) {
            RowNormalization.forward(sets, form: form, z.floats, affine, into: y.floats, level: level)
          }
          append("sums", arrays: 2) { _ = sums() }
          append("input", arrays: 3) {
            RowNormalization.inputGradient(
              sets, form: form, z.floats, affine, outputGradient: gradient.floats, slopes, into: y.floats, level: level)
          }
        }
      }
    }
  }

  /// PointNet's widest layer, 128 to 1024 channels, with the maximum over the points. Operations are those of the
  /// convolution alone, of which there is one product forward and two backward.
  private mutating func measureCloudMaximum() throws {
    let layer = CloudMaximum(
      samples: Self.clouds, points: PointNet.points, sets: 2, inputChannels: PointNet.widths[1],
      outputChannels: PointNet.widths[2], isRectified: true, level: level)
    let channels = layer.sets * layer.outputChannels
    let x = try Block(layer.samples * layer.points * layer.inputChannels), dx = try Block(x.count)
    let weight = try Block(layer.inputChannels * layer.outputChannels), dw = try Block(weight.count)
    let scale = try Block(channels), shift = try Block(channels)
    let y = try Block(layer.samples * layer.outputChannels), dy = try Block(y.count)
    let mean = try Block(channels), variance = try Block(channels)
    let state = try Block(layer.stateCount), scratch = try Block(layer.scratchCount)
    let operations = 2 * Double(x.count) * Double(layer.outputChannels)
    let name = "pointnet \(layer.inputChannels) -> \(layer.outputChannels) and maximum"
    measurements.append(Measurement("\(name): moments and forward", .operations, work: operations) {
      layer.moments(
        input: x.floats, weight: weight.floats, bias: nil, mean: mean.floats, variance: variance.floats,
        state: state.floats, scratch: scratch.floats)
      layer.forward(
        input: x.floats, weight: weight.floats, bias: nil, multiply: scale.floats, add: shift.floats, output: y.floats,
        state: state.floats, scratch: scratch.floats)
    })
    measurements.append(Measurement("\(name): backward", .operations, work: 2 * operations) {
      layer.backward(
        input: x.floats, weight: weight.floats, outputGradient: dy.floats, output: y.floats, scale: scale.floats,
        mean: mean.floats, inverseDeviation: variance.floats, statisticsFollowInput: true, inputGradient: dx.floats,
        weightGradient: dw.floats, biasGradient: nil, scaleGradient: nil, shiftGradient: nil, state: state.floats,
        scratch: scratch.floats)
    })
  }

  public var json: JSON {
    .object([
      .init("level", .string(level.name)), .init("threads", .integer(Pool.threadCount)),
      .init("ceilings", .array(ceiling.measurements.map(\.json))), .init("kernels", .array(measurements.map(\.json))),
    ])
  }

  /// A table of lines: milliseconds, rate, and the part of the ceiling.
  public var table: String {
    let all = ceiling.measurements + measurements
    let width = all.map(\.name.count).max() ?? 0
    let lines = all.map { line in
      let share = ceiling.measurements.contains { $0.name == line.name }
        ? "" : "\(Int((ceiling.share(line) * 100).rounded()))%"
      return line.name.padded(to: width) + line.milliseconds.rounded(to: 3).leftPadded(to: 10)
        + line.rate.rounded(to: 1).leftPadded(to: 9) + " " + line.unit.rawValue.padded(to: 8) + share.leftPadded(to: 5)
    }
    let head = "level \(level.name), \(Pool.threadCount) threads".padded(to: width)
    return ([head + "        ms     rate          of ceiling"] + lines).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}

extension Double {
  fileprivate func rounded(to digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return String((self * scale).rounded() / scale)
  }
}
