"""A real Piper voice in ONNX that hums: 12 ms of a tone for each phoneme id."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

RATE_HZ = 22_050
HOP = 256


def write_tiny_piper(folder: Path, *, alignments: bool) -> Path:
    """Write voice.onnx and voice.onnx.json into `folder`; returns the path of the voice."""
    constants: dict[str, np.ndarray[tuple[int, ...], np.dtype[Any]]] = {
        "one": np.array(1, np.int64),
        "zero": np.array(0, np.int64),
        "hop": np.array(HOP, np.int64),
        "step": np.array(2 * np.pi * 300 / RATE_HZ, np.float32),
        "level": np.array(0.5, np.float32),
        "axes": np.array([0, 1, 2], np.int64),
    }
    nodes = [
        helper.make_node("Shape", ["input"], ["shape"]),
        helper.make_node("Gather", ["shape", "one"], ["count"]),
        helper.make_node("Mul", ["count", "hop"], ["samples"]),
        helper.make_node("Range", ["zero", "samples", "one"], ["times"]),
        helper.make_node("Cast", ["times"], ["float_times"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["float_times", "step"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["wave"]),
        helper.make_node("Mul", ["wave", "level"], ["quiet"]),
        helper.make_node("Unsqueeze", ["quiet", "axes"], ["output"]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, None])]
    if alignments:
        nodes += [
            helper.make_node("Cast", ["input"], ["float_ids"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["float_ids", "none"], ["no_frames"]),
            helper.make_node("Add", ["no_frames", "each"], ["durations"]),
        ]
        constants |= {"none": np.array(0.0, np.float32), "each": np.array(1.0, np.float32)}
        outputs.append(helper.make_tensor_value_info("durations", TensorProto.FLOAT, [1, None]))
    graph = helper.make_graph(
        nodes,
        "hum",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        outputs,
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "voice.onnx"
    onnx.save(model, str(path))
    config = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "num_symbols": 256,
        "num_speakers": 1,
        "hop_length": HOP,
        "phoneme_id_map": {phoneme: list(ids) for phoneme, ids in DEFAULT_PHONEME_ID_MAP.items()},
        "inference": {},
    }
    path.with_name("voice.onnx.json").write_text(json.dumps(config))
    return path
