"""A score + its clips -> the loudspeaker, and a listener who may ask for something else.

The sound
    buffer.py       the blocks between the player and the device; what has not been heard can be taken back
    deck.py         what sounds now, and how loud
    player.py       session time becomes samples, block by block
    bed.py          what sounds beneath it
    composer.py     keeps the score laid ahead of the player, and has it changed on request
    session.py      all of them together, for the command line; remote.py is how others see it, moment.py what they see

Where it goes (outputs/)
    output.py       who turns samples into sound
    speakers.py, device.py, turns.py    the loudspeakers there are, and one of them
    recording.py    a WAV file, and no sound, at the pace of a loudspeaker
    chime.py        tries an output

What is shown and asked for (view/)
    keys.py         one table of keys and words
    plain.py, lines.py, wording.py      one line a cue, and commands as lines
    screen.py       the full screen: themes.py, layout.py, parts.py, breath.py, letters.py draw it, terminal.py leaves
                    the terminal clean, picture.py makes the README's picture

What is remembered (diary/)
    log.py, ledger.py, records.py, lock.py   what was done, as it happens
    memory.py, history.py                    where to go on, who was cleared, and what it all adds up to

Of the sound, the view knows the moment and the remote, and the diary the moment; the outputs know nothing of it.
"""
