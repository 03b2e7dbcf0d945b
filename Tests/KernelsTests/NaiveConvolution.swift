@testable import Kernels

/// The convolution as seven loops in float64, and its gradients by the same loops: what every kernel must match.
struct NaiveConvolution {
  let geometry: ConvolutionGeometry

  /// Calls `body` with the indices of input, weight and output for each product of the sum.
  func forEachProduct(_ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void) {
    let g = geometry
    let inputs = g.inputChannels / g.groups, outputs = g.outputChannels / g.groups
    for image in 0..<g.batch {
      for channel in 0..<g.outputChannels {
        for row in 0..<g.outputHeight {
          for column in 0..<g.outputWidth {
            let output = ((image * g.outputChannels + channel) * g.outputHeight + row) * g.outputWidth + column
            for depth in 0..<inputs {
              for i in 0..<g.kernelHeight {
                for j in 0..<g.kernelWidth {
                  let y = row * g.stride - g.padding + i, x = column * g.stride - g.padding + j
                  guard (0..<g.inputHeight).contains(y), (0..<g.inputWidth).contains(x) else { continue }
                  let plane = image * g.inputChannels + channel / outputs * inputs + depth
                  body(
                    (plane * g.inputHeight + y) * g.inputWidth + x,
                    ((channel * inputs + depth) * g.kernelHeight + i) * g.kernelWidth + j, output)
                }
              }
            }
          }
        }
      }
    }
  }

  func forward(input: [Float], weight: [Float], bias: [Float]) -> [Double] {
    let positions = geometry.outputHeight * geometry.outputWidth
    var output = (0..<geometry.outputCount).map { Double(bias[$0 / positions % geometry.outputChannels]) }
    forEachProduct { output[$2] += Double(input[$0]) * Double(weight[$1]) }
    return output
  }

  func inputGradient(weight: [Float], outputGradient: [Float]) -> [Double] {
    var gradient = [Double](repeating: 0, count: geometry.inputCount)
    forEachProduct { gradient[$0] += Double(weight[$1]) * Double(outputGradient[$2]) }
    return gradient
  }

  func weightGradient(input: [Float], outputGradient: [Float]) -> [Double] {
    var gradient = [Double](repeating: 0, count: geometry.weightCount)
    forEachProduct { gradient[$1] += Double(input[$0]) * Double(outputGradient[$2]) }
    return gradient
  }
}

extension ConvolutionGeometry {
  var inputCount: Int { batch * inputChannels * inputHeight * inputWidth }
  var outputCount: Int { batch * outputChannels * outputHeight * outputWidth }
}
