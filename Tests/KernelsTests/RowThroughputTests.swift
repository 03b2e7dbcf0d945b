import Glibc
import Testing

@testable import Kernels

/// Prints the milliseconds of the passes of a normalisation when KERNELS_THROUGHPUT is set in the environment.
@Test(.enabled(if: getenv("KERNELS_THROUGHPUT") != nil)) func rowNormalizationThroughput() {
  for (sets, rows, channels, perGroup) in [
    (1, 1024, 512, 1), (1, 65_536, 64, 1), (64, 1024, 64, 1), (64, 1024, 64, 16), (64, 16, 512, 1), (64, 16, 512, 512),
  ] {
    let all = RowSets(count: sets, rows: rows, width: channels), count = sets * rows * channels
    let z = samples(count, seed: 1), affines = [Int](repeating: 0, count: sets)
    let scale = samples(channels, seed: 2), shift = samples(channels, seed: 3)
    var y = samples(count, seed: 4), dy = y, dz = y
    var scratch = output(RowNormalization.scratchCount(all)) { _ in }
    let form = RowNormalization.Form(relu: true)
    let moments = RowNormalization.moments(all, z, scratch: &scratch)
    func statistics() -> RowStatistics {
      moments.statistics(channels: channels, channelsPerGroup: perGroup, epsilon: 1e-5)
    }
    let known = statistics(), mean = known.mean.map { Float($0) }
    let (a, b) = known.affine(scale: scale, shift: shift, affines: affines)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        let affine = RowNormalization.Affine(multiply: a, add: b)
        func sums() -> RowGradientSums {
          RowNormalization.gradientSums(
            all, form: form, z, affine, mean: mean, outputGradient: &dy, scratch: &scratch)
        }
        let gradients = sums()
        func coefficients() -> RowGradientCoefficients {
          known.inputGradientCoefficients(gradients, scale: scale, affines: affines)
        }
        let ready = coefficients()
        let times = [
          ("moments", milliseconds { _ = RowNormalization.moments(all, z, scratch: &scratch) }),
          ("statistics", milliseconds { _ = statistics() }),
          ("affine", milliseconds { _ = known.affine(scale: scale, shift: shift, affines: affines) }),
          ("forward", milliseconds { RowNormalization.forward(all, form: form, z, affine, into: &y) }),
          ("sums", milliseconds { _ = sums() }),
          ("coefficients", milliseconds { _ = coefficients() }),
          ("affine gradients", milliseconds { _ = known.affineGradients(gradients, affines: affines, count: 1) }),
          ("input", milliseconds {
            RowNormalization.inputGradient(all, form: form, z, affine, outputGradient: dy, ready, into: &dz)
          }),
        ]
        let line = times.map { "\($0) \($1)" }.joined(separator: ", ")
        print("\(sets) x [\(rows), \(channels)], \(perGroup) a group:", line)
        #expect(times.allSatisfy { $0.1 > 0 })
      }
    }
  }
}

/// Prints the milliseconds of a T-Net's products when KERNELS_THROUGHPUT is set in the environment.
@Test(.enabled(if: getenv("KERNELS_THROUGHPUT") != nil), arguments: [3, 64]) func pointTransformThroughput(_ c: Int) {
  let t = PointTransform(samples: 16, points: 1024, channels: c)
  let x = samples(t.samples * t.points * t.width, seed: 1)
  var matrices = samples(t.samples * t.matrixWidth, seed: 2), y = x
  var scratch = output(t.scratchCount) { _ in }
  let times = [
    milliseconds { t.forward(x, matrices: matrices, into: &y, scratch: &scratch) },
    milliseconds { t.backwardInput(outputGradient: x, matrices: matrices, into: &y, scratch: &scratch) },
    milliseconds { t.backwardMatrices(x, outputGradient: y, into: &matrices, scratch: &scratch) },
  ]
  print("16 clouds of 1024 points through \(c) x \(c): forward, input, matrices \(times)")
  #expect(times.allSatisfy { $0 > 0 })
}

/// The median of thirty runs after one to warm up.
private func milliseconds(_ body: () -> Void) -> Double {
  body()
  let clock = ContinuousClock()
  let times = (0..<30).map { _ in clock.measure(body) / .milliseconds(1) }.sorted()
  return (times[15] * 1000).rounded() / 1000
}
