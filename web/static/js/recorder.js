// A text of a call, spoken at the desk: recorded, made a WAV file here, and kept.
"use strict";

const words = document.getElementById("recorder").dataset;
const MAX_MS = 60000;
const MIME = "audio/wav";

/** Mono 16-bit WAV: what the service reads, whatever the browser records in. */
function wavOf(sound) {
  const mono = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1) {
    sound.getChannelData(channel).forEach((value, n) => { mono[n] += value / sound.numberOfChannels; });
  }
  const view = new DataView(new ArrayBuffer(44 + mono.length * 2));
  const text = (at, letters) => [...letters].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF"); view.setUint32(4, 36 + mono.length * 2, true); text(8, "WAVEfmt ");
  view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
  view.setUint32(24, sound.sampleRate, true); view.setUint32(28, sound.sampleRate * 2, true);
  view.setUint16(32, 2, true); view.setUint16(34, 16, true); text(36, "data"); view.setUint32(40, mono.length * 2, true);
  mono.forEach((value, n) => view.setInt16(44 + n * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return new Blob([view], { type: MIME });
}

async function spoken(button) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const pieces = [];
  recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data));
  const over = new Promise((done) => { recorder.addEventListener("stop", done); });
  recorder.start();
  button.textContent = words.stop;
  button.setAttribute("aria-pressed", "true");
  const stop = () => { if (recorder.state !== "inactive") recorder.stop(); };
  button.onclick = stop;
  const timer = setTimeout(stop, MAX_MS);
  await over;
  clearTimeout(timer);
  stream.getTracks().forEach((track) => track.stop());
  button.textContent = words.wait;
  button.disabled = true;
  const context = new AudioContext();
  const sound = await context.decodeAudioData(await new Blob(pieces).arrayBuffer());
  await context.close();
  return wavOf(sound);
}

async function record(form, button) {
  try {
    const file = new File([await spoken(button)], "spoken.wav", { type: MIME });
    const list = new DataTransfer();
    list.items.add(file);
    form.elements.sound.files = list.files;
    form.submit();
  } catch {
    button.textContent = words.refused;
    button.disabled = true;
    form.querySelector("details").open = true;
  }
}

if (navigator.mediaDevices && self.MediaRecorder) {
  for (const form of document.querySelectorAll(".sound-form")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = words.record;
    button.setAttribute("aria-describedby", form.elements.key.value);
    button.onclick = () => { button.onclick = null; record(form, button); };
    form.prepend(button);
  }
}
