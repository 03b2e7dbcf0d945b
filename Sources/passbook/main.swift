import Datasets
import Networks
import Passports
import Training
import Ownership
import Attacks
import Tensors
import Foundation
let data = try Fashion.load()
print(data.train.count, data.test.count, data.train.sampleShape)
func build(_ passport: Bool, seed: UInt64) throws -> Network {
  var s = try Stage.input([1, 28, 28])
  for (w, pool) in [(32, true), (64, true), (128, false)] {
    s = try s.appending(ConvolutionLayer(channels: w, kernel: 3))
    s = try s.appending(passport ? PassportNormalizationLayer(.batch, source: s.path!) : NormalizationLayer(.batch))
    s = try s.appending(ReluLayer())
    if pool { s = try s.appending(MaxPoolLayer(PoolingWindow(kernel: 2))) }
  }
  return try s.appending(GlobalPoolLayer(takesMaximum: false)).appending(DenseLayer(width: 10)).network(named: "tiny", seed: seed)
}
let epochs = Int(CommandLine.arguments[1])!, lr = Double(CommandLine.arguments[2])!, tpb = Int(CommandLine.arguments[3])!, seed = UInt64(CommandLine.arguments[4])!
let triggers = try TriggerSet(from: AbstractPictures.make(count: 100, size: 28, channels: 1, seed: 5), count: 100, classes: 10, seed: seed)
func run(_ protected: Bool) throws {
  let t0 = Date()
  var plan = TrainingPlan(epochs: epochs, seed: seed)
  plan.optimizer = .sgd(rate: lr, momentum: 0.9, decay: 5e-4)
  plan.schedule = .milestones([epochs * 2 / 3], factor: 0.1)
  if protected { plan.passport = Passport(text: "(c) Lab 26", seed: seed); plan.triggers = triggers; plan.triggersPerBatch = tpb }
  let train = try data.train
  var t = try Trainer(build(protected, seed: seed), on: train, plan: plan)
  try t.run(isInterrupted: { false }, elapsed: { 0 }) { e in
    if case .epoch(let p, let log) = e { print(p.epoch, p.loss, p.free ?? -1, p.aware ?? -1, log.signature.last ?? -1, log.trigger.last ?? -1, String(format: "%.1fs", Date().timeIntervalSince(t0))) }
  }
  print("time", Date().timeIntervalSince(t0))
  if protected {
    let claim = try t.claim()!
    let v = try Verification(t.network.released(), claim: claim, data: data.test, triggers: triggers)
    print("free", v.free!, "aware", v.aware!, "sig", v.signature, v.bits, "log10p", v.log10P, "trig", v.trigger!)
    print("aware trig", try Evaluation(t.network.released().attaching(claim), passports: claim.passports).accuracy(triggers.images))
    let accs = try (0..<20).map { s in let f = try RandomForgery(seed: UInt64(s)).forge(claim); return try Evaluation(t.network.released().attaching(f), passports: f.passports).accuracy(data.test) }.sorted()
    print("random", accs[0], accs[9], accs[19], "time", Date().timeIntervalSince(t0))
  } else { print("twin", try Evaluation(t.network).accuracy(data.test)) }
}
try run(true)
try run(false)
