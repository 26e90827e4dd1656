"""One module per engine, imported by name in a worker process, so that imports do not add to each other's times.

`Engine(files, threads)` loads the engine. `rate` is its sample rate in Hz. `speak(text, on_samples)` calls `on_samples`
with the number of new samples as they are synthesized; `whole(text)`, for batches, returns the total number of samples.
"""
