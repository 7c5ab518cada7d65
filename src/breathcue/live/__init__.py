"""Timeline + clips -> the loudspeaker, and a listener who may ask for something else.

output.py     who turns samples into sound: a device, a file, nobody
speakers.py, device.py    the loudspeakers there are, and one of them; turns.py keeps it from waiting
recording.py  a WAV file, and no sound, at the pace of a loudspeaker; chime.py tries an output
buffer.py     the blocks between the player and the device; what has not been heard can be taken back
player.py     session time becomes samples, block by block
composer.py   keeps the score laid ahead of the player, and changes it on request
session.py    all of them together, for the command line
screen.py, plain.py   what is shown, and which keys ask for what
log.py, history.py    what was done, kept on this machine
"""
