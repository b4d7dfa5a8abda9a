"""Sounds of a ward in which nobody speaks, made anew from a seed: 16 kHz mono int16."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
Pcm = NDArray[np.int16]


def cough(seed: int) -> Pcm:
    """One to three bursts: a sharp onset, breath through the throat, and often a voiced end."""
    chance = np.random.default_rng(100 + seed)
    bursts = []
    for _ in range(int(chance.integers(1, 4))):
        length = int(chance.uniform(0.22, 0.38) * RATE_HZ)
        at_s = np.arange(length) / RATE_HZ
        noise = _band(chance.normal(0, 1, length), 300, 4500)
        throat = noise * np.exp(-at_s / 0.07)
        pitch_hz = chance.uniform(180, 330) * (1 - 0.4 * at_s / at_s[-1])
        voiced = np.sign(np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ))
        voiced = _band(voiced, 200, 2500) * np.exp(-(((at_s - 0.16) / 0.05) ** 2))
        bursts += [throat + chance.choice([0.0, 0.25, 0.5]) * voiced]
        bursts += [np.zeros(int(chance.uniform(0.08, 0.25) * RATE_HZ))]
    return _loud(np.concatenate(bursts), chance.uniform(4000, 14000))


def breath(seed: int) -> Pcm:
    """Half a second to more than one of moving air."""
    chance = np.random.default_rng(200 + seed)
    length = int(chance.uniform(0.5, 1.2) * RATE_HZ)
    shape = np.sin(np.pi * np.arange(length) / length)
    return _loud(_band(chance.normal(0, 1, length), 400, 3500) * shape, chance.uniform(600, 2500))


def keyboard(seed: int) -> Pcm:
    """Typing, one and a half seconds of it."""
    chance = np.random.default_rng(300 + seed)
    wave = np.zeros(int(1.5 * RATE_HZ))
    at = 0.05
    while at < 1.4:
        click = _band(chance.normal(0, 1, 320), 1500, 6500) * np.exp(-np.arange(320) / 50)
        first = int(at * RATE_HZ)
        wave[first : first + 320] += click * chance.uniform(0.4, 1.0)
        at += chance.uniform(0.08, 0.25)
    return _loud(wave, chance.uniform(2000, 8000))


def ward(seed: int) -> Pcm:
    """A monitor's beeps, a trolley, a door, a dropped tray, by turns."""
    chance = np.random.default_rng(400 + seed)
    length = int(1.6 * RATE_HZ)
    at_s = np.arange(length) / RATE_HZ
    match seed % 4:
        case 0:
            wave = np.sin(2 * np.pi * chance.uniform(700, 1100) * at_s) * (at_s % 0.5 < 0.18)
        case 1:
            rattle = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * 11 * at_s))
            wave = _band(chance.normal(0, 1, length), 80, 1200) * rattle
        case 2:
            wave = _band(chance.normal(0, 1, length), 60, 500) * np.exp(-at_s / 0.12)
        case _:
            partials = [np.sin(2 * np.pi * hz * at_s) for hz in (1370, 2210, 3480, 5120)]
            wave = np.sum(partials, axis=0) * np.exp(-at_s / 0.2)
    return _loud(wave, chance.uniform(3000, 9000))


def ventilation(seed: int) -> Pcm:
    """Two seconds of a fan."""
    length = 2 * RATE_HZ
    white = np.fft.rfft(np.random.default_rng(500 + seed).normal(0, 1, length))
    white /= np.maximum(np.fft.rfftfreq(length, 1 / RATE_HZ), 20)
    return _loud(np.asarray(np.fft.irfft(white, length)), 3000)


def click(seed: int) -> Pcm:
    """A burst of 50 milliseconds."""
    burst = _band(np.random.default_rng(600 + seed).normal(0, 1, RATE_HZ // 20), 300, 4500)
    return _loud(burst, 9000)


def dither(seed: int) -> Pcm:
    """A second of the last bit flipping, as an open line without a sound has."""
    return np.random.default_rng(700 + seed).integers(-1, 2, RATE_HZ).astype(np.int16)


NOISES: dict[str, Callable[[int], Pcm]] = {
    "cough": cough,
    "breath": breath,
    "keyboard": keyboard,
    "ward": ward,
    "ventilation": ventilation,
    "click": click,
    "dither": dither,
}


def _band(wave: NDArray[np.float64], low_hz: float, high_hz: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(wave)
    at_hz = np.fft.rfftfreq(len(wave), 1 / RATE_HZ)
    spectrum[(at_hz < low_hz) | (at_hz > high_hz)] = 0
    return np.asarray(np.fft.irfft(spectrum, len(wave)))


def _loud(wave: NDArray[np.float64], peak: float) -> Pcm:
    return np.asarray(wave / np.abs(wave).max() * peak, np.int16)
