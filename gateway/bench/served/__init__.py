"""`waitan bench doors`: what the doors cost beside bare servers, how soon they show what settled, what too much does.

Server and client are processes of one machine; each bare server is a process of its own, asked in turn with ours.
"""
