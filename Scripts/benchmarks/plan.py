"""What is measured: networks, tasks, PyTorch's configurations, and the ratios that are asked for."""

TASKS = {
    "alexnet": ["all", "last", "none", "predict"],
    "resnet18": ["all", "last", "none", "predict"],
    "pointnet": ["all", "none", "predict"],
}
NAMES = {"alexnet": "AlexNet", "resnet18": "ResNet-18", "pointnet": "PointNet"}
TASK_NAMES = {
    "all": "two branches",
    "last": "two branches, last stage only",
    "none": "plain",
    "predict": "prediction of 100",
}

# Large allocations are kept and on huge pages, instead of being given back after each operation.
ALLOCATOR = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=17179869184"
                      ":glibc.malloc.trim_threshold=17179869184",
}
# The compiler's own workers would look like foreign load.
COMPILER = {"TORCHINDUCTOR_COMPILE_THREADS": "1"}

# Words for Scripts/peers/step.py, and environment.
CONFIGURATIONS = {
    "default": ([], {}),
    "tuned allocator": ([], ALLOCATOR),
    "tuned allocator, channels last": (["channels_last"], ALLOCATOR),
    "tuned allocator, compiled": (["compile"], ALLOCATOR | COMPILER),
    "tuned allocator, channels last, compiled": (["channels_last", "compile"], ALLOCATOR | COMPILER),
}


def configurations(net, is_quick, compiles=True):
    """The names of the configurations to try; clouds have no channels last."""
    names = [name for name in CONFIGURATIONS if net != "pointnet" or "channels last" not in name]
    names = [name for name in names if compiles or "compiled" not in name]
    return names[:2] if is_quick else names


# Each side limited to AVX2. OpenBLAS, which computes small dense layers here, is limited as well.
AVX2_HERE = {"PASSBOOK_KERNELS": "avx2", "OPENBLAS_CORETYPE": "Haswell"}
AVX2_THERE = {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}
LEVELS = {
    "avx512": {"PASSBOOK_KERNELS": "avx512"},
    "avx2": AVX2_HERE,
    "baseline": {"PASSBOOK_KERNELS": "baseline", "OPENBLAS_CORETYPE": "Prescott"},
}

# Times faster than PyTorch's best configuration: required, and aimed at.
STEP_GOALS = {
    ("alexnet", "all"): (2.0, 2.4),
    ("resnet18", "all"): (2.0, 2.3),
    ("pointnet", "all"): (2.5, 3.3),
    ("alexnet", "last"): (2.7, 3.3),
    ("resnet18", "last"): (2.7, 3.3),
    ("alexnet", "predict"): (1.8, 2.3),
    ("resnet18", "predict"): (1.8, 2.3),
    ("pointnet", "predict"): (1.8, 2.3),
}
AGAINST_PLAIN_GOAL = (1.0, 1.1)
MEMORY_GOAL = (2.0, 3.0)
AVX2_GOAL = (1.6, 2.0)
PREDICTED_THREADS = 16
