"""One file for each engine, imported by its name in a worker process, so that none pays for another's imports.

An `Engine(files, threads)` loads when it is made. One that speaks has a `rate` in Hz and `speak(text, heard)`, which
calls `heard` with the number of samples whenever there are new ones; one for batches has `whole(text)`, which gives the
number of samples at once.
"""
