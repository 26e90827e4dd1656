"""Write a tiny, randomly initialised model of pocket-tts: FOLDER/{model.safetensors,tokenizer.model,english_tiny.yaml}.

Runs in the environment of pocket-tts: python -m tests.gpu.tiny_pocket FOLDER
"""

import io
import sys
from pathlib import Path

TEXTS = [
    "Your table is ready.",
    "Hello there, how are you?",
    "The library opens at ten and closes at six.",
    "xyz, qvb!",
]
PIECES = 60
SEANET = {
    "dimension": 32, "channels": 1, "n_filters": 4, "n_residual_layers": 1, "ratios": [6, 5, 4], "kernel_size": 7,
    "residual_kernel_size": 3, "last_kernel_size": 3, "dilation_base": 2, "pad_mode": "constant", "compress": 2,
}  # fmt: skip
TRANSFORMER = {
    "d_model": 32, "num_heads": 2, "num_layers": 1, "layer_scale": 0.01, "context": 50, "dim_feedforward": 32,
    "input_dimension": 32, "output_dimensions": [32],
}  # fmt: skip
CONFIG = {
    "default_eos_threshold": -4.0,
    "flow_lm": {
        "insert_bos_before_voice": True,
        "dtype": "float32",
        "flow": {"depth": 1, "dim": 32, "type": "lsd"},
        "transformer": {"d_model": 32, "hidden_scale": 1, "max_period": 10000, "num_heads": 2, "num_layers": 1},
        "lookup_table": {"dim": 32, "tokenizer": "sentencepiece"},
    },
    "mimi": {
        "dtype": "float32", "sample_rate": 24000, "inner_dim": 8, "outer_dim": 32, "channels": 1, "frame_rate": 12.5,
        "seanet": SEANET, "transformer": TRANSFORMER, "quantizer": {"dimension": 8, "output_dimension": 32},
    },
}  # fmt: skip


def write(folder: Path) -> None:
    """Train a tokenizer, and save the weights that the package initialises."""
    import sentencepiece  # noqa: PLC0415  only in that environment
    import torch  # noqa: PLC0415
    import yaml  # noqa: PLC0415
    from pocket_tts import TTSModel  # noqa: PLC0415
    from safetensors.torch import save_file  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 20), model_writer=tokenizer, vocab_size=PIECES, hard_vocab_limit=False
    )
    (folder / "tokenizer.model").write_bytes(tokenizer.getvalue())
    pieces = sentencepiece.SentencePieceProcessor(model_proto=tokenizer.getvalue()).vocab_size()
    CONFIG["flow_lm"]["lookup_table"] |= {"n_bins": pieces, "tokenizer_path": str(folder / "tokenizer.model")}
    (folder / "english_tiny.yaml").write_text(yaml.safe_dump(CONFIG))
    torch.manual_seed(1)
    model = TTSModel.load_model(config=folder / "english_tiny.yaml")
    save_file(
        {name: value.contiguous().clone() for name, value in model.state_dict().items()}, folder / "model.safetensors"
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
