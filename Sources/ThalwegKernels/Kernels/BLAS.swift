internal import COpenBLAS

/// OpenBLAS splits the middling products of networks badly between threads, so it gets one.
private let oneThread: Void = openblas_set_num_threads(1)

/// Makes sure that OpenBLAS runs on the caller's thread alone.
func useOneThreadOfBLAS() { _ = oneThread }
