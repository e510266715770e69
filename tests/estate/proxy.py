"""A line between stores and gateways that is cut at random bytes, in requests and in answers."""
import asyncio
import random
import threading

PIECE = 65536
FARTHEST = 40000  # bytes of a connection before its cut, at most


class Proxy:
    """Listens on `port` of loopback and spreads connections over `ports`. Of each hundred connections `cut_percent` are
    cut somewhere in the middle; hang_up() cuts all that there are."""

    def __init__(self, ports, seed):
        self.ports, self.random = ports, random.Random(seed)
        self.cut_percent, self.cuts, self.connections = 0, 0, 0
        self.open = set()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self.run, args=(ready,), daemon=True).start()
        ready.wait()

    def run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()

    def hang_up(self):
        self.loop.call_soon_threadsafe(self.abort_all)

    def abort_all(self):
        for pair in list(self.open):
            self.abort(pair)

    def abort(self, pair):
        """Both ends see a reset, as when a router forgets a connection."""
        if pair in self.open:
            self.open.discard(pair)
            self.cuts += 1
            for writer in pair:
                writer.transport.abort()

    async def connect(self):
        """Any gateway that is there; the other one when the first is away."""
        for port in self.random.sample(self.ports, len(self.ports)):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
        return None

    def draw_cuts(self):
        """After how many bytes upwards and downwards the line breaks; small numbers as often as large ones."""
        if self.random.random() * 100 >= self.cut_percent:
            return [None, None]
        cuts = [int(FARTHEST ** self.random.random()), None]
        self.random.shuffle(cuts)
        return cuts

    async def serve(self, reader, writer):
        self.connections += 1
        there = await self.connect()
        if not there:
            writer.transport.abort()
            return
        pair = (writer, there[1])
        self.open.add(pair)
        up, down = self.draw_cuts()
        await asyncio.gather(self.pump(reader, there[1], up, pair), self.pump(there[0], writer, down, pair))
        self.open.discard(pair)

    async def pump(self, reader, writer, cut, pair):
        try:
            while piece := await reader.read(PIECE):
                if cut is not None and len(piece) >= cut:
                    writer.write(piece[:cut])
                    await writer.drain()
                    await asyncio.sleep(0.002)  # so that this part arrives
                    self.abort(pair)
                    return
                cut = cut and cut - len(piece)
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()
