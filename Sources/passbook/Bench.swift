import ArgumentParser
import Benchmarks
import Foundation
import Tensors

/// `passbook bench`: how fast this machine computes.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine trains and predicts.",
    discussion: "Scripts/bench runs all of it beside PyTorch and writes tables and figures.",
    subcommands: [BenchStep.self, BenchKernels.self, BenchLosses.self, BenchVerify.self, BenchNotebook.self])
}

/// `passbook bench step NET TASK`: the time of each step, and the memory that it took.
struct BenchStep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Time training steps or predictions of a network of the paper.")

  @Argument(help: "alexnet, resnet18 or pointnet.")
  var network: BenchmarkNetwork

  @Argument(help: "all or last (which layers carry passports), none (a plain network), or predict.")
  var task: BenchmarkTask

  @Option(help: "Steps before the first that is timed.")
  var warmup = 2

  @Option(help: "Steps that are timed.")
  var steps = 6

  // The same group as the command above has: it would take these options for its own.
  @OptionGroup var flags: SessionFlags

  func validate() throws {
    guard (0...10_000).contains(warmup), (1...100_000).contains(steps) else {
      throw ValidationError("--warmup and --steps are whole numbers, and at least one step is timed")
    }
  }

  func run() throws {
    if let threads = flags.threads { Parallelism.use(threads: threads) }
    var benchmark = try StepBenchmark(network, task, isExact: flags.exact)
    var milliseconds: [Double] = []
    let clock = ContinuousClock()
    for index in 0..<warmup + steps {
      let duration = try clock.measure { try benchmark.run() }
      if index >= warmup { milliseconds.append((duration / .milliseconds(1) * 100).rounded() / 100) }
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    print("{\"milliseconds\": \(milliseconds), \"peak\": \(usage.ru_maxrss / 1024)}")
  }
}

/// `passbook bench kernels`: the kernels beside what the machine can do at best.
struct BenchKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels", abstract: "Time the kernels of the paper's networks against the machine's peak.")

  @Flag(help: "Print a JSON object instead of a table.")
  var json = false

  @OptionGroup var flags: SessionFlags

  func run() throws {
    if let threads = flags.threads { Parallelism.use(threads: threads) }
    let benchmark = try KernelBenchmark()
    print(json ? try benchmark.json.text() : benchmark.table)
  }
}

/// `passbook bench losses NET`: the losses of the first steps, and the file to take the same steps elsewhere.
struct BenchLosses: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "losses", abstract: "Print the losses of the first training steps, for comparing them elsewhere.")

  @Argument(help: "alexnet, resnet18 or pointnet; passports on every layer, no dropout.")
  var network: BenchmarkNetwork

  @Option(help: "Steps, each with a batch of its own.")
  var steps = 20

  @Option(help: ArgumentHelp("Write weights, passports and batches into this safetensors file.", valueName: "file"))
  var export: String?

  @OptionGroup var flags: SessionFlags

  func validate() throws {
    guard (1...1000).contains(steps) else {
      throw ValidationError("--steps takes a number from 1 to 1000, not \(steps)")
    }
  }

  func run() throws {
    if let threads = flags.threads { Parallelism.use(threads: threads) }
    var benchmark = try LossBenchmark(network, steps: steps, isExact: flags.exact)
    if let export { try benchmark.export(to: export) }
    print("{\"losses\": \(try benchmark.run())}")
  }
}

extension BenchmarkNetwork: ExpressibleByArgument {}
extension BenchmarkTask: ExpressibleByArgument {}
