import Glibc

/// A large natural number, given by its remainders modulo primes whose product is larger than it (Chinese remainders).
///
/// Sums and products of remainders need no large integers, and one prime knows nothing of the next; only the last step
/// puts the number together.
struct Residues {
  private let primes: [UInt64]
  private var remainders: [UInt64] = []

  init(_ primes: [UInt64]) { self.primes = primes }

  /// The next prime's remainder.
  mutating func append(_ remainder: UInt64) { remainders.append(remainder) }

  func subtracting(_ other: Residues) -> Residues {
    var result = self
    for (place, prime) in primes.enumerated() {
      result.remainders[place] = (remainders[place] + prime - other.remainders[place]) % prime
    }
    return result
  }

  /// significand · 2^exponent.
  struct Value {
    var significand: Double
    var exponent: Int
  }

  /// The number to about fourteen digits.
  var value: Value {
    var value = Value(significand: 0, exponent: 0)
    for (digit, prime) in zip(digits, primes).reversed() {
      let place = Int32(max(-value.exponent, -2000))
      value.significand = value.significand * Double(prime) + Glibc.ldexp(Double(digit), place)
      if value.significand > 0x1p500 {
        value.significand *= 0x1p-500
        value.exponent += 500
      }
    }
    return value
  }

  /// Digits in the mixed radix of the primes, lowest first: d₀ + p₀ (d₁ + p₁ (d₂ + …)) (H. Garner, 1959).
  private var digits: [UInt64] {
    var digits: [UInt64] = []
    for (place, prime) in primes.enumerated() {
      var (known, weight): (UInt64, UInt64) = (0, 1)
      for (digit, smaller) in zip(digits, primes) {
        known = (known + digit % prime * weight) % prime
        weight = weight * (smaller % prime) % prime
      }
      digits.append((remainders[place] + prime - known) % prime * Self.power(weight, prime - 2, prime) % prime)
    }
    return digits
  }

  /// base^exponent modulo a prime; with exponent = prime - 2 the inverse (Fermat).
  private static func power(_ base: UInt64, _ exponent: UInt64, _ prime: UInt64) -> UInt64 {
    var (result, base, exponent): (UInt64, UInt64, UInt64) = (1, base % prime, exponent)
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * base % prime }
      base = base * base % prime
      exponent >>= 1
    }
    return result
  }

  /// The largest primes below 2³⁰, as many as have a product of at least 2^`bits`.
  static func primes(above bits: Double) -> [UInt64] {
    let divisors = smallPrimes
    var (primes, reached): ([UInt64], Double) = ([], 0)
    var candidate: UInt64 = 1 << 30 - 1
    while reached < bits {
      if divisors.allSatisfy({ !candidate.isMultiple(of: $0) }) {
        primes.append(candidate)
        reached += Glibc.log2(Double(candidate))
      }
      candidate -= 2
    }
    return primes
  }

  /// The primes up to 2¹⁵, by Eratosthenes' sieve.
  private static var smallPrimes: [UInt64] {
    var isComposite = [Bool](repeating: false, count: 1 << 15 + 1)
    var primes: [UInt64] = []
    for number in 2..<isComposite.count where !isComposite[number] {
      primes.append(UInt64(number))
      for multiple in stride(from: number * number, to: isComposite.count, by: number) { isComposite[multiple] = true }
    }
    return primes
  }
}
