"""A level of instructions that all runtimes are capped at, below what the processor has."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """
    name: as this engine calls it
    title: as a heading has it
    use_avx: for a JVM's option
    back_end: of ggml, the end of its library's name
    torch, onednn, mkl: what PyTorch and the libraries in it call the level
    architecture: for a compiler of C++
    """

    name: str
    title: str
    use_avx: int
    back_end: str
    torch: str
    onednn: str
    mkl: str
    architecture: str

    @property
    def java(self):
        """Options of a JVM; the property is this engine's."""
        return [f"-XX:UseAVX={self.use_avx}", f"-Dxlstm4j.machine={self.name}"]

    @property
    def environment(self):
        return {
            "XLSTM_JAVA_OPTIONS": " ".join(self.java),
            "ATEN_CPU_CAPABILITY": self.torch,
            "ONEDNN_MAX_CPU_ISA": self.onednn,
            "MKL_ENABLE_INSTRUCTIONS": self.mkl,
        }


LEVELS = {
    level.name: level
    for level in (
        Level("avx2", "AVX2", 2, "haswell", "avx2", "AVX2", "AVX2", "haswell"),
        Level("avx512", "AVX-512 without VNNI", 3, "skylakex", "avx512", "AVX512_CORE", "AVX512", "skylake-avx512"),
    )
}
