/// act(γ (z - m) r + β) with z = W h + b and its maximum over the points of each cloud, step by step in float64, with
/// bounds for what float32 may differ by.
///
/// A sum of n float32 products is off by less than 4 √n 2⁻²⁴ times the sum of their absolute values, unless rounding
/// conspires (Higham and Mary, 2019). So each result comes with that sum of absolute values, its *size*.
struct NaiveCloudMaximum {
  var samples: Int, points: Int, sets: Int, inputs: Int, outputs: Int
  var isRectified: Bool
  /// The statistics of each set in use, nil for those of the input.
  var constants: (mean: [Double], variance: [Double])?
  var h: [Double], weight: [Double], bias: [Double], scale: [Double], shift: [Double]

  struct Result {
    var value: [Double], size: [Double]
    init(_ count: Int) { (value, size) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count)) }
  }

  var rows: Int { samples * points }
  var rowsPerSet: Int { rows / sets }
  func set(_ row: Int) -> Int { row / rowsPerSet }

  /// z [rows, outputs].
  func product() -> Result {
    var z = Result(rows * outputs)
    for row in 0..<rows {
      for k in 0..<outputs {
        let place = row * outputs + k
        (z.value[place], z.size[place]) = (bias[k], abs(bias[k]))
        for c in 0..<inputs {
          let term = h[row * inputs + c] * weight[k * inputs + c]
          z.value[place] += term
          z.size[place] += abs(term)
        }
      }
    }
    return z
  }

  /// Mean and biased variance [sets, outputs].
  func moments(_ z: Result) -> (mean: Result, variance: Result) {
    var mean = Result(sets * outputs), variance = mean
    let count = Double(rowsPerSet)
    for row in 0..<rows {
      for k in 0..<outputs {
        mean.value[set(row) * outputs + k] += z.value[row * outputs + k] / count
        mean.size[set(row) * outputs + k] += z.size[row * outputs + k] / count
      }
    }
    for row in 0..<rows {
      for k in 0..<outputs {
        let place = set(row) * outputs + k
        let deviation = z.value[row * outputs + k] - mean.value[place]
        let size = z.size[row * outputs + k] + mean.size[place]
        variance.value[place] += deviation * deviation / count
        variance.size[place] += size * size / count
      }
    }
    return (mean, variance)
  }

  struct Pass {
    var z: Result, mean: [Double], inverse: [Double]
    /// [samples, outputs]
    var y: Result, index: [Int]
  }

  func forward() -> Pass {
    let z = product(), own = moments(z)
    let mean = constants?.mean ?? own.mean.value
    let inverse = (constants?.variance ?? own.variance.value).map { 1 / ($0 + 1e-5).squareRoot() }
    var pass = Pass(
      z: z, mean: mean, inverse: inverse, y: Result(samples * outputs),
      index: [Int](repeating: 0, count: samples * outputs))
    for place in 0..<samples * outputs {
      let (sample, k) = (place / outputs, place % outputs)
      for point in 0..<points {
        let row = sample * points + point, key = set(row) * outputs + k
        let affine = scale[key] * (z.value[row * outputs + k] - mean[key]) * inverse[key] + shift[key]
        let y = isRectified ? max(affine, 0) : affine
        if point > 0, y <= pass.y.value[place] { continue }
        (pass.y.value[place], pass.index[place]) = (y, point)
        pass.y.size[place] =
          abs(scale[key]) * (z.size[row * outputs + k] + abs(mean[key])) * inverse[key] + abs(shift[key])
      }
    }
    return pass
  }

  struct Gradients {
    var h: Result, weight: Result, bias: Result, scale: Result, shift: Result
  }

  /// The chain rule from y back, through the maximum, the activation, x̂, the statistics and z.
  func gradients(_ g: [Float], _ pass: Pass) -> Gradients {
    var normal = [Double](repeating: 0, count: rows * outputs)  // dL/dx̂
    var result = Gradients(
      h: Result(rows * inputs), weight: Result(outputs * inputs), bias: Result(outputs),
      scale: Result(sets * outputs), shift: Result(sets * outputs))
    func hat(_ row: Int, _ k: Int) -> (value: Double, size: Double) {
      let key = set(row) * outputs + k, place = row * outputs + k
      return (
        (pass.z.value[place] - pass.mean[key]) * pass.inverse[key],
        (pass.z.size[place] + abs(pass.mean[key])) * pass.inverse[key]
      )
    }
    for place in 0..<samples * outputs where !isRectified || pass.y.value[place] > 0 {
      let k = place % outputs, row = place / outputs * points + pass.index[place], key = set(row) * outputs + k
      let gradient = Double(g[place])
      normal[row * outputs + k] = scale[key] * gradient
      result.shift.value[key] += gradient
      result.shift.size[key] += abs(gradient)
      result.scale.value[key] += gradient * hat(row, k).value
      result.scale.size[key] += abs(gradient) * hat(row, k).size
    }
    let count = Double(rowsPerSet)
    var z = Result(rows * outputs)
    for key in 0..<sets * outputs {
      let k = key % outputs, first = key / outputs * rowsPerSet
      var mean = (value: 0.0, size: 0.0), product = mean
      for row in first..<first + rowsPerSet where constants == nil {
        let gradient = normal[row * outputs + k], hat = hat(row, k)
        mean = (mean.value + gradient / count, mean.size + abs(gradient) / count)
        product = (
          product.value + gradient * hat.value / count, product.size + abs(gradient) * hat.size / count
        )
      }
      for row in first..<first + rowsPerSet {
        let gradient = normal[row * outputs + k], hat = hat(row, k)
        z.value[row * outputs + k] = pass.inverse[key] * (gradient - mean.value - hat.value * product.value)
        z.size[row * outputs + k] = pass.inverse[key] * (abs(gradient) + mean.size + hat.size * product.size)
      }
    }
    for row in 0..<rows {
      for k in 0..<outputs {
        let gradient = z.value[row * outputs + k], size = z.size[row * outputs + k]
        result.bias.value[k] += gradient
        result.bias.size[k] += size
        for c in 0..<inputs {
          let (left, right) = (row * inputs + c, k * inputs + c)
          result.h.value[left] += gradient * weight[right]
          result.h.size[left] += size * abs(weight[right])
          result.weight.value[right] += gradient * h[left]
          result.weight.size[right] += size * abs(h[left])
        }
      }
    }
    return result
  }
}
