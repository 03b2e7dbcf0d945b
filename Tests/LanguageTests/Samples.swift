/// Scripts that use the whole grammar; the mutation tests start from them.
enum Samples {
  static let session = #"""
    #!/usr/bin/env passbook
    #%% [md] Lesson 1: own a network that you trained
    # Text of the *lesson*.
    #%% data
    data = cifar10("data/cifar-10-batches-bin")
    sample = data.train |> take(20%) |> shuffle(seed: 7)
    shape(data.test.images)                     #=> [10000, 3, 32, 32]

    #%% the owner's passport, and a model that carries it
    owner = passport("(c) Lab 26", seed: 42)    # 80 bits of text
    marks = triggers(fashion(size: 32, channels: 3).test, count: 100, classes: 10, seed: 5)

    ## Two normalised convolutions and a shortcut.
    fn residual(x, width) {
      x |> conv(width, 3) |> norm(passport: true) |> relu
        |> conv(width, 3) |> norm(passport: true) |> add(x) |> relu
    }
    model tiny(width, classes) on [3, 32, 32] {
      conv(width, 3) |> norm(passport: true) |> relu
      maxpool(2)
      residual(width)
      flatten
      dense(classes)
    }
    net = tiny(32, 10)                          # or alexnet(10)

    #%% train
    log = train(net, sample, passport: owner, triggers: marks, epochs: 3, batch: 64,
                branches: "together", optimizer: sgd(0.01, momentum: 0.9, decay: 5e-4), budget: 5min)
    plot(log.loss, title: "loss of both branches") ;
    expect accuracy(net, data.test) > 45%                       # the passport-free branch

    #%% verify a suspect
    proof = verify(released, owner, claim: log.claim, data: data.test, triggers: marks)
    print("log10 p = {proof.log10_p:.1}, fidelity gap {proof.gap}")
    for rate in 0%..90% by 10% {
      pruned = prune(released, rate)
      print("{rate}: {accuracy(pruned, data.test)}  signature {verify(pruned, owner, claim: log.claim).signature}")
    }
    """#

  static let grammar = #"""
    :help train
    ??train
    a, b = [1, 2]; a += 1 ;
    m = [1, 2; 3, 4]; m[0, :] = [x ** 2 for x in 0..<5 if x mod 2 == 0]
    r = {name: "Zürich \u{e9} \{x\}", size: 3s, größe: -2 ** 2}
    f = (x, y) -> x @ y; g = fn(x = 1) { return x }; h = x -> if x > 0 { 1 } else if 1 < x <= 2 { 2 } else { none }
    while not true or false and a in b { if a { break }; continue }
    text = """
      two "lines" {f(r.name, m[0]):.3}
      """
    [
      1,
      2,
    ]
    """#
}
